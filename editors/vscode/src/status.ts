// The item in the status bar: which cluster is attached, and how it is.

import * as vscode from 'vscode';

/** What `plasma/status` tells. */
export interface Status {
  readonly attached: Attached | null;
}

/** The cluster that is attached. */
export interface Attached {
  readonly name: string;
  readonly state: 'still' | 'live' | 'lost';
  /** The time of what is shown, in seconds. */
  readonly t: number;
  readonly servers: number;
  readonly actors: number;
  readonly message?: string;
}

const ICONS = { still: '$(device-camera)', live: '$(pulse)', lost: '$(debug-disconnect)' } as const;

/** The item; it is there from the first message of the server on. */
export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('plasma.attached', vscode.StatusBarAlignment.Right, 90);

  #isAttached = false;

  constructor() {
    this.#item.name = 'Plasma: Attached Cluster';
    this.#item.command = 'plasma.chooseAttached';
  }

  get isAttached(): boolean {
    return this.#isAttached;
  }

  show(status: Status): void {
    const { attached } = status;
    this.#isAttached = attached !== null;
    const isLost = attached?.state === 'lost';
    this.#item.text = attached === null ? '$(plug) no cluster' : `${ICONS[attached.state]} ${line(attached)}`;
    this.#item.tooltip = attached === null ? 'Plasma: no cluster is attached' : tooltip(attached);
    this.#item.backgroundColor = isLost ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.show();
  }

  hide(): void {
    this.#isAttached = false;
    this.#item.hide();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function line(attached: Attached): string {
  const name = attached.name.split(/[/\\]/).pop() || attached.name;
  return attached.state === 'lost' ? `${name} lost` : `${name} ${attached.t} s`;
}

function tooltip(attached: Attached): string {
  const size = `${attached.actors} actors on ${attached.servers} servers at ${attached.t} s`;
  const lines = [`Plasma: ${attached.name}`, size, attached.message];
  return lines.filter((part) => part !== undefined && part !== '').join('\n');
}
