// The commands of the palette.

import * as path from 'node:path';
import * as vscode from 'vscode';

import { declaredTests } from './declared';
import { run, tell } from './program';
import type { Results } from './results';
import type { Server } from './server';
import { chooseTrace } from './traces';

export function registerCommands(context: vscode.ExtensionContext, server: Server, results: Results): void {
  const register = (name: string, command: (uri?: vscode.Uri) => unknown) => {
    const told = async (uri?: vscode.Uri) => {
      try {
        await command(uri);
      } catch (error) {
        await tell(error);
      }
    };
    context.subscriptions.push(vscode.commands.registerCommand(name, told));
  };
  register('plasma.restartServer', () => server.restart());
  register('plasma.showOutput', () => server.output.show());
  register('plasma.runTest', runTestAtCursor);
  register('plasma.planPolicy', (uri) => planPolicy(server, results, uri));
  register('plasma.chooseAttached', chooseAttached);
}

/** Runs the test that the cursor stands in, in the test explorer. */
async function runTestAtCursor(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== 'plasma') {
    return;
  }
  const line = editor.selection.active.line;
  const above = declaredTests(editor.document.getText()).filter((test) => test.line <= line);
  const test = above.at(-1);
  if (test === undefined) {
    await vscode.window.showInformationMessage('Plasma: the cursor stands in no test.');
    return;
  }
  const start = new vscode.Position(test.line, 0);
  editor.selection = new vscode.Selection(start, start);
  await vscode.commands.executeCommand('testing.runAtCursor');
}

/** Plans on the attached cluster if the server can, and else on a snapshot that is asked for. */
async function planPolicy(server: Server, results: Results, uri?: vscode.Uri): Promise<void> {
  const policy = uri ?? vscode.window.activeTextEditor?.document.uri;
  if (policy === undefined) {
    return;
  }
  if (server.attached !== undefined && server.offers('plasma.plan')) {
    await server.execute('plasma.plan', { uri: policy.toString() });
    return;
  }
  const snapshot = await chooseTrace('The snapshot to plan on');
  if (snapshot === undefined) {
    return;
  }
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === policy.toString());
  await document?.save();
  const output = await run(['plan', policy.fsPath, '--snapshot', snapshot], path.dirname(policy.fsPath));
  const text = `${output.stdout}${output.stderr}`;
  const summary = text.split('\n').find((line) => line.trim() !== '') ?? 'nothing was printed';
  await results.show(`plan of ${path.basename(policy.fsPath)}`, { summary, text }, true);
}

/** Changes `plasma.attach` in the workspace. */
async function chooseAttached(): Promise<void> {
  const [file, address, project] = ['A snapshot or trace...', 'The address of an engine...', 'What plasma.toml says'];
  const items = [file, address, project];
  const answer = await vscode.window.showQuickPick(items, { title: 'Plasma: Attach to a Cluster' });
  const chosen = await value(answer, file, address, project);
  if (chosen === undefined) {
    return;
  }
  const { Global, Workspace } = vscode.ConfigurationTarget;
  const target = vscode.workspace.workspaceFolders === undefined ? Global : Workspace;
  await vscode.workspace.getConfiguration('plasma').update('attach', chosen, target);
}

async function value(
  answer: string | undefined,
  file: string,
  address: string,
  project: string,
): Promise<string | undefined> {
  switch (answer) {
    case file:
      return chooseTrace('The cluster to attach');
    case address:
      return vscode.window.showInputBox({
        title: 'The address of an engine',
        placeHolder: 'ws://127.0.0.1:7117',
        validateInput: (text) => (/^\w+:\/\/\S+$/.test(text) ? undefined : 'An address, as ws://127.0.0.1:7117'),
      });
    case project:
      return '';
    default:
      return undefined;
  }
}
