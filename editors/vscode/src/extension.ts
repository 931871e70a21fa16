// Where VS Code begins and ends: each part of the extension is made here, and given what it needs.

import * as vscode from 'vscode';

import { registerCommands } from './commands';
import { registerDebugger } from './debug';
import { Results } from './results';
import { Server } from './server';
import { StatusItem } from './status';
import { registerTasks } from './tasks';
import { registerTests } from './tests';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const results = new Results();
  const status = new StatusItem();
  server = new Server(results, status);
  context.subscriptions.push(results, status, server);
  registerCommands(context, server, results);
  registerTests(context);
  registerTasks(context);
  registerDebugger(context, server);
  await server.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
