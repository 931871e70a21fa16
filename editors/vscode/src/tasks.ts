// Tasks: check, test and lay out the policies of a workspace folder.

import * as vscode from 'vscode';

import { programPath, tell } from './program';

/** A task as `tasks.json` has it. */
interface Definition extends vscode.TaskDefinition {
  task: 'check' | 'test' | 'fmt';
  paths?: string[];
  arguments?: string[];
}

const KINDS = {
  check: { flags: ['--format', 'short'], matchers: ['$plasma'], group: vscode.TaskGroup.Build },
  // Of a policy with mistakes no test is run.
  test: { flags: [], matchers: ['$plasma-test', '$plasma-report'], group: vscode.TaskGroup.Test },
  fmt: { flags: ['--check'], matchers: ['$plasma-fmt', '$plasma-report'], group: undefined },
};

export function registerTasks(context: vscode.ExtensionContext): void {
  const provider: vscode.TaskProvider = {
    provideTasks: () => {
      const folders = vscode.workspace.workspaceFolders ?? [];
      return folders.flatMap((folder) => {
        const kinds = Object.keys(KINDS) as Definition['task'][];
        return kinds.flatMap((task) => made({ type: 'plasma', task }, folder) ?? []);
      });
    },
    resolveTask: (task) => {
      const scope = typeof task.scope === 'object' ? task.scope : vscode.workspace.workspaceFolders?.[0];
      try {
        return scope && made(task.definition as Definition, scope);
      } catch (error) {
        void tell(error);
        return undefined;
      }
    },
  };
  context.subscriptions.push(vscode.tasks.registerTaskProvider('plasma', provider));
}

/** The task of a definition; nothing if it names none. */
function made(definition: Definition, folder: vscode.WorkspaceFolder): vscode.Task | undefined {
  const kind = KINDS[definition.task];
  if (kind === undefined) {
    return undefined;
  }
  const parameters = [definition.task, ...kind.flags, ...(definition.arguments ?? []), ...(definition.paths ?? ['.'])];
  const execution = new vscode.ProcessExecution(programPath(), parameters, { cwd: folder.uri.fsPath });
  const task = new vscode.Task(definition, folder, definition.task, 'plasma', execution, kind.matchers);
  task.group = kind.group;
  task.detail = `plasma ${parameters.join(' ')}`;
  return task;
}
