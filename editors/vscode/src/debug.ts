// The debugger: `plasma dap`, and what it is told if nobody wrote a launch.json.

import * as path from 'node:path';
import * as vscode from 'vscode';

import { programPath, tell } from './program';
import { chooseTrace } from './traces';

export function registerDebugger(context: vscode.ExtensionContext): void {
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
    resolveDebugConfigurationWithSubstitutedVariables: withTrace,
  };
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('plasma', factory),
    vscode.debug.registerDebugConfigurationProvider('plasma', configurations),
    vscode.commands.registerCommand('plasma.chooseTrace', () => chooseTrace('The trace to debug on')),
    vscode.commands.registerCommand('plasma.debugPolicy', debugPolicy),
  );
}

/** Debugs the policy of the active editor on a trace that is asked for. */
async function debugPolicy(uri?: vscode.Uri): Promise<void> {
  const policy = uri ?? vscode.window.activeTextEditor?.document.uri;
  if (policy === undefined) {
    return;
  }
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(policy), {
    type: 'plasma',
    request: 'launch',
    name: path.basename(policy.fsPath),
    program: policy.fsPath,
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
  return { ...configuration, type: 'plasma', request: 'launch', name, program: document.fileName };
}

/** Without a trace, the attached one is meant, or one is asked for. */
async function withTrace(
  folder: vscode.WorkspaceFolder | undefined,
  configuration: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration | undefined> {
  if (typeof configuration.trace === 'string' && configuration.trace !== '') {
    return configuration;
  }
  const attached = vscode.workspace.getConfiguration('plasma', folder).get<string>('attach') ?? '';
  const isFile = attached !== '' && !attached.includes('://');
  const trace = isFile ? path.resolve(folder?.uri.fsPath ?? '', attached) : await chooseTrace('The trace to debug on');
  return trace === undefined ? undefined : { ...configuration, trace };
}
