// The language server: started, restarted when its program changes, and its results shown.

import * as vscode from 'vscode';
import { LanguageClient, State, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';

import { programPath, tell } from './program';
import { isResult, type Results } from './results';
import type { Attached, Status, StatusItem } from './status';

/** The policies of the library lie in the server and in no file. */
export const LIBRARY_SCHEME = 'plasma-std';

/** `plasma lsp`, or nothing while there is no program. */
export class Server implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel('Plasma', { log: true });
  readonly #results: Results;
  readonly #status: StatusItem;
  readonly #watching: vscode.Disposable;
  #client: LanguageClient | undefined;

  constructor(results: Results, status: StatusItem) {
    this.#results = results;
    this.#status = status;
    this.#watching = vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration('plasma.path')) {
        await this.restart();
      }
    });
  }

  /** Starts it; people are told if that fails. */
  async start(): Promise<void> {
    try {
      const client = this.#create();
      this.#client = client;
      await client.start();
    } catch (error) {
      this.output.error(String(error));
      // Waiting for an answer would hold up whoever starts it.
      void tell(error);
    }
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#status.hide();
    try {
      await client?.dispose();
    } catch (error) {
      // One that died cannot be stopped.
      this.output.warn(String(error));
    }
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** The cluster that is attached, as far as the server says. */
  get attached(): Attached | undefined {
    return this.#status.attached;
  }

  /** Whether it runs and offers a command. */
  offers(command: string): boolean {
    const commands = this.#client?.initializeResult?.capabilities.executeCommandProvider?.commands;
    return this.#client?.state === State.Running && (commands?.includes(command) ?? false);
  }

  /** Has it carry out a command of its own, and shows the result. */
  async execute(command: string, parameters: object): Promise<void> {
    await vscode.commands.executeCommand(command, parameters);
  }

  #create(): LanguageClient {
    const command = programPath();
    const server: ServerOptions = { command, args: ['lsp'] };
    const options: LanguageClientOptions = {
      documentSelector: [
        { language: 'plasma', scheme: 'file' },
        { language: 'plasma', scheme: 'untitled' },
        { language: 'plasma', scheme: LIBRARY_SCHEME },
      ],
      outputChannel: this.output,
      initializationOptions: { showsResults: true, status: true },
      synchronize: { configurationSection: 'plasma' },
      middleware: {
        executeCommand: async (name, parameters, next) => {
          const answer: unknown = await next(name, parameters);
          if (isResult(answer)) {
            void this.#results.show(titleOf(name, parameters), answer, name !== 'plasma.test');
          }
          return answer;
        },
      },
    };
    const client = new LanguageClient('plasma', 'Plasma', server, options);
    client.onNotification('plasma/status', (status: Status) => this.#status.show(status));
    client.onDidChangeState(({ newState }) => {
      if (newState !== State.Running) {
        this.#status.hide();
      }
    });
    this.output.info(`${command} lsp`);
    return client;
  }

  dispose(): void {
    this.#watching.dispose();
    this.output.dispose();
  }
}

/** What the document of a result is called: `plan of hot.plasma`. */
function titleOf(command: string, parameters: unknown[]): string {
  const { uri, name, rule } = (parameters[0] ?? {}) as { uri?: string; name?: string; rule?: string };
  const file = uri === undefined ? '' : vscode.Uri.parse(uri).path.split('/').pop();
  return `${command.replace(/^plasma\./, '')} of ${rule ?? name ?? file}`;
}
