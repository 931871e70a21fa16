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
  /** Where one that was recorded lies. */
  readonly path?: string;
  /** The time of what is shown, in seconds. There is none while it is lost. */
  readonly t?: number;
  readonly servers?: number;
  readonly actors?: number;
  readonly message?: string;
}

const ICONS = { still: '$(device-camera)', live: '$(pulse)', lost: '$(debug-disconnect)' } as const;

/** The item; it is there from the first message of the server on. */
export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('plasma.attached', vscode.StatusBarAlignment.Right, 90);

  #attached: Attached | undefined;

  constructor() {
    this.#item.name = 'Plasma: Attached Cluster';
    this.#item.command = 'plasma.chooseAttached';
  }

  /** The cluster that is attached, if one is. */
  get attached(): Attached | undefined {
    return this.#attached;
  }

  show(status: Status): void {
    const { attached } = status;
    this.#attached = attached ?? undefined;
    const isLost = attached?.state === 'lost';
    this.#item.text = attached === null ? '$(plug) no cluster' : `${ICONS[attached.state]} ${line(attached)}`;
    this.#item.tooltip = attached === null ? 'Plasma: no cluster is attached' : tooltip(attached);
    this.#item.backgroundColor = isLost ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.show();
  }

  hide(): void {
    this.#attached = undefined;
    this.#item.hide();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

/** In a few words; of an address, only whose it is. */
function line(attached: Attached): string {
  const name = attached.name.replace(/^\w+:\/\/([^/]+).*$/, '$1');
  return attached.state === 'lost' ? `${name} lost` : `${name} ${attached.t} s`;
}

function tooltip(attached: Attached): string {
  const { name, t, servers, actors, message } = attached;
  const size = t === undefined ? undefined : `${actors} actors on ${servers} servers at ${t} s`;
  const lines = [`Plasma: ${name}`, size, message];
  return lines.filter((part) => part !== undefined && part !== '').join('\n');
}
