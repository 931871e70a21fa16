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
};
