// What a person sees of the cluster that is attached.

export const CLUSTERS = {
  /** What the server offers above a text is done at a click, and what comes of it shown. */
  async lens(vscode) {
    await vscode.open('hot.plasma');
    await vscode.go(1, 1);
    await (await vscode.see('lens', 'run all 2 tests')).click();
    await vscode.see('notification', '2 passed, 0 failed');
    await (await vscode.see('lens', 'plan on')).click();
    await vscode.see('tab', 'plan of hot.plasma');
    await vscode.see('editor', 'plan: ');
    await vscode.clear();
    await vscode.command('View: Toggle Primary Side Bar Visibility');
    await vscode.lose('quickInput');
    await vscode.page.mouse.move(640, 790);
    await vscode.shoot('plan');
    await vscode.command('View: Close All Editors in Group');
  },

  /** The cluster beside the texts is named in the status bar, and can be changed by a setting. */
  async status(vscode) {
    await vscode.open('hot.plasma');
    await vscode.see('statusItem', 'run.jsonl');
    vscode.write('last.jsonl', vscode.read('run.jsonl'));
    vscode.configure({ 'plasma.attach': 'last.jsonl' });
    await vscode.see('statusItem', 'last.jsonl');
    vscode.configure({});
    await vscode.see('statusItem', 'run.jsonl');
  },

  /** A running cluster is followed as it goes on. When its run ends, this is told, and another one is waited for. */
  async 'running cluster'(vscode) {
    const load = ['std.metadata', '--servers', '2', '--duration', '10m', '--period', '300ms', '--dry-run'];
    const engine = await vscode.engine(load);
    const { host } = new URL(engine.url);
    vscode.configure({ 'plasma.attach': engine.url });
    const item = await vscode.see('statusItem', host);
    const values = () => vscode.at('editor').first().innerText();
    await vscode.see('editor', /[✓✗]\s*[\d.]+\s*%/);
    await vscode.see('lens', `plan on ${engine.url}`);
    const [time, measured] = [await item.innerText(), await values()];
    await vscode.until('time goes on', async () => (await item.innerText()) !== time);
    await vscode.until('other values are measured', async () => (await values()) !== measured);
    await vscode.shoot('running-cluster');
    engine.stop();
    await (await vscode.see('statusItem', `${host} lost`)).hover();
    await vscode.see('hover', /the run has ended|cannot/);
    await vscode.until('old values are gone', async () => !/[✓✗]/.test(await values()));
    const next = await vscode.engine(load, host);
    await vscode.see('statusItem', / [\d.]+ s/);
    next.stop();
    vscode.configure({});
    await vscode.see('statusItem', 'run.jsonl');
  },
};
