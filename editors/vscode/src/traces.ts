// Snapshots and traces of a workspace, to choose from.

import * as vscode from 'vscode';

const PATTERN = '**/*.{jsonl,msgpack,jsonl.zst,msgpack.zst}';
const LEFT_OUT = '**/{target,node_modules,.*}/**';
const FILTERS = { Traces: ['jsonl', 'msgpack', 'zst'], 'All files': ['*'] };

/** Has somebody choose a snapshot or trace; nothing if they do not. */
export async function chooseTrace(title: string): Promise<string | undefined> {
  const found = await vscode.workspace.findFiles(PATTERN, LEFT_OUT, 1000);
  const paths = found.map((uri) => uri.fsPath).sort();
  const items: (vscode.QuickPickItem & { path?: string })[] = paths.map((path) => ({
    label: vscode.workspace.asRelativePath(path),
    path,
  }));
  items.push({ label: 'Another file...', alwaysShow: true });
  const placeHolder = 'A snapshot, a trace, or a recording of `plasma run --record`';
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
  if (chosen === undefined || chosen.path !== undefined) {
    return chosen?.path;
  }
  const opened = await vscode.window.showOpenDialog({ title, openLabel: 'Choose', filters: FILTERS });
  return opened?.[0]?.fsPath;
}
