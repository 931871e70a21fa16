// Results of the server and of the program, shown to people: a line as a message, all of it as a text to read.

import * as vscode from 'vscode';

const SCHEME = 'plasma-result';

/** What a command has found out. */
export interface Result {
  /** One line. */
  readonly summary: string;
  /** All of it, in plain text. */
  readonly text: string;
}

/** Whether an answer of the server is a result for people. */
export function isResult(answer: unknown): answer is Result {
  const result = answer as Partial<Result> | null | undefined;
  return typeof result?.summary === 'string' && typeof result.text === 'string';
}

/** Results that can be read, each in a document of its own that nobody can write in. */
export class Results implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? 'This result is of an earlier session.';
  }

  /** Shows a line; the whole text on demand, or at once if it was asked for. `title` names the document. */
  async show(title: string, result: Result, isAskedFor: boolean): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title.replace(/[/\\]/g, '∕')}.txt` });
    this.#texts.set(uri.path, result.text);
    this.#changed.fire(uri);
    if (isAskedFor) {
      await this.#open(uri);
      return;
    }
    if ((await vscode.window.showInformationMessage(result.summary, 'Show')) === 'Show') {
      await this.#open(uri);
    }
  }

  async #open(uri: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    const viewColumn = vscode.ViewColumn.Beside;
    await vscode.window.showTextDocument(document, { viewColumn, preview: true, preserveFocus: true });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
