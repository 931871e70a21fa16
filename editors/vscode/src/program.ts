// The program `plasma`: where it is, what people are told if it is not there, and what it prints.

import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

/** The program is not where the settings say. */
export class ProgramNotFound extends Error {
  constructor(readonly wanted: string) {
    super(
      `The program \`${wanted}\` was not found. Install it with \`cargo install --path cli\` in a clone of Plasma's ` +
        'repository, or set `plasma.path` to where it is.',
    );
  }
}

/** What the program printed, and how it ended. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** `null` if it was ended by a signal. */
  readonly status: number | null;
}

/** The program's path. Throws `ProgramNotFound`. */
export function programPath(): string {
  const wanted = vscode.workspace.getConfiguration('plasma').get<string>('path')?.trim() || 'plasma';
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const expanded = wanted.replace(/^~(?=[/\\])/, homedir()).replace(/\$\{workspaceFolder\}/g, folder);
  const isPath = /[/\\]/.test(expanded);
  // A relative path lies in the workspace.
  const candidates = isPath ? [path.resolve(folder, expanded)] : searched(expanded);
  const found = candidates.find(isProgram);
  if (found === undefined) {
    throw new ProgramNotFound(wanted);
  }
  return found;
}

/** Where a program may be that is given by its name. */
function searched(name: string): string[] {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  // Where cargo installs, which editors started from a desktop often do not have in their search path.
  folders.push(path.join(homedir(), '.cargo', 'bin'));
  const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
  return folders.flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Tells people that something cannot be done, with a way out if the program is missing. */
export async function tell(error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ProgramNotFound)) {
    await vscode.window.showErrorMessage(`Plasma: ${message}`);
    return;
  }
  const [choose, settings] = ['Choose Program...', 'Open Settings'];
  const answer = await vscode.window.showErrorMessage(message, choose, settings);
  if (answer === settings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'plasma.path');
  } else if (answer === choose) {
    const chosen = await vscode.window.showOpenDialog({ title: 'The program `plasma`', openLabel: 'Choose' });
    const file = chosen?.[0]?.fsPath;
    if (file !== undefined) {
      const target = vscode.ConfigurationTarget.Global;
      await vscode.workspace.getConfiguration('plasma').update('path', file, target);
    }
  }
}

/** Runs the program to its end. Throws if it is not there or cannot be started. */
export function run(parameters: string[], cwd: string, cancel?: vscode.CancellationToken): Promise<Output> {
  const program = programPath();
  return new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: 256 * 1024 * 1024, encoding: 'utf8' as const };
    const child = execFile(program, parameters, options, (error, stdout, stderr) => {
      cancelled?.dispose();
      // A status other than 0 is told as an error whose code is a number.
      if (error !== null && typeof error.code === 'string') {
        reject(error);
      } else {
        resolve({ stdout, stderr, status: child.exitCode });
      }
    });
    const cancelled = cancel?.onCancellationRequested(() => child.kill());
  });
}
