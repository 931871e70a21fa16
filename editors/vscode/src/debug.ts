// The debugger: `plasma dap`, and what it is told if nobody wrote a launch.json.

import * as path from 'node:path';
import * as vscode from 'vscode';

import { programPath, tell } from './program';
import { LIBRARY_SCHEME, type Server } from './server';
import { chooseTrace } from './traces';

const TRACE = 'The trace to debug on';

export function registerDebugger(context: vscode.ExtensionContext, server: Server): void {
  const factory: vscode.DebugAdapterDescriptorFactory = {
    createDebugAdapterDescriptor: (session) => {
      try {
        const cwd = session.workspaceFolder?.uri.fsPath;
        return new vscode.DebugAdapterExecutable(programPath(), ['dap'], cwd === undefined ? {} : { cwd });
      } catch (error) {
        void tell(error);
        return undefined;
      }
    },
  };
  const configurations: vscode.DebugConfigurationProvider = {
    resolveDebugConfiguration: (_, configuration) => withProgram(configuration),
    resolveDebugConfigurationWithSubstitutedVariables: (_, configuration) => withTrace(configuration, server),
  };
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('plasma', factory),
    vscode.debug.registerDebugConfigurationProvider('plasma', configurations),
    vscode.commands.registerCommand('plasma.chooseTrace', () => chooseTrace(TRACE)),
    vscode.commands.registerCommand('plasma.debugPolicy', debugPolicy),
  );
}

/** Debugs the policy of the active editor on a trace that is asked for. */
async function debugPolicy(uri?: vscode.Uri): Promise<void> {
  const policy = uri ?? vscode.window.activeTextEditor?.document.uri;
  if (policy === undefined) {
    return;
  }
  const trace = await chooseTrace(TRACE);
  if (trace === undefined) {
    return;
  }
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(policy), {
    type: 'plasma',
    request: 'launch',
    name: path.basename(policy.fsPath),
    program: programOf(policy),
    trace,
  });
}

/** Without a launch.json, the policy of the active editor is meant. */
function withProgram(configuration: vscode.DebugConfiguration): vscode.DebugConfiguration | undefined {
  const isEmpty = !configuration.type && !configuration.request;
  const program: unknown = configuration.program;
  if (typeof program === 'string' && program !== '') {
    return configuration;
  }
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== 'plasma') {
    void vscode.window.showErrorMessage('Plasma: open the policy to debug, or name it as `program` in launch.json.');
    return undefined;
  }
  const name = isEmpty ? path.basename(document.fileName) : configuration.name;
  return { ...configuration, type: 'plasma', request: 'launch', name, program: programOf(document.uri) };
}

/** A policy as the program names it: those of the library lie in no file. */
function programOf(policy: vscode.Uri): string {
  if (policy.scheme !== LIBRARY_SCHEME) {
    return policy.fsPath;
  }
  const name = policy.path.replace(/^\/+/, '').replace(/\.plasma$/, '');
  return `std.${name.replace(/\//g, '.')}`;
}

/** Without a trace, the attached one is meant, or one is asked for. */
async function withTrace(
  configuration: vscode.DebugConfiguration,
  server: Server,
): Promise<vscode.DebugConfiguration | undefined> {
  if (typeof configuration.trace === 'string' && configuration.trace !== '') {
    return configuration;
  }
  const { attached } = server;
  const recorded = attached?.state === 'still' ? attached.path : undefined;
  const trace = recorded ?? (await chooseTrace(TRACE));
  return trace === undefined ? undefined : { ...configuration, trace };
}
