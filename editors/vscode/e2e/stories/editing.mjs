// What a person does with the text of a policy.

export const EDITING = {
  /** A mistake is underlined as it is typed, and mended by a quick fix. */
  async squiggle(vscode) {
    await vscode.open('hot.plasma');
    await vscode.go(8, 25);
    await vscode.type('t');
    await vscode.see('error');
    await vscode.command('View: Focus Problems');
    await vscode.see('problem', 'hight');
    await vscode.shoot('problems');
    await vscode.command('View: Toggle Panel Visibility');
  },

  async 'quick fix'(vscode) {
    await vscode.go(8, 23);
    await vscode.command('Quick Fix...');
    const fix = await vscode.see('quickFix', 'high');
    await vscode.shoot('quick-fix');
    await fix.click();
    await vscode.lose('error');
    await vscode.save();
    await vscode.until('the fix is saved', () => vscode.read('hot.plasma').includes('server.cpu.perc > high\n'));
  },

  /** What is under the cursor is told in words. */
  async hover(vscode) {
    await vscode.go(12, 7);
    await vscode.press('Control+K', 'Control+I');
    await vscode.see('hover', 'The actor lives on a server that holds no other actor');
    await vscode.shoot('hover');
    await vscode.press('Escape');
  },

  /** A completion is accepted. */
  async completion(vscode) {
    await vscode.go(10, 22);
    await vscode.type(' and f.');
    await vscode.see('completion');
    await vscode.type('cp');
    await vscode.see('completionRow', 'cpu');
    await vscode.shoot('completion');
    await vscode.press('Enter');
    await vscode.lose('completion');
    await vscode.type('.perc < 95');
    await vscode.save();
    await vscode.until('what was completed is saved', () => {
      return vscode.read('hot.plasma').includes('f.cpu.perc > 30 and f.cpu.perc < 95\n');
    });
  },

  /** A name is changed wherever it stands. */
  async rename(vscode) {
    await vscode.go(4, 8);
    await vscode.press('F2');
    await vscode.see('rename');
    await vscode.at('rename').fill('busy');
    await vscode.press('Enter');
    await vscode.lose('rename');
    await vscode.save();
    await vscode.until('the name is changed everywhere', () => {
      const text = vscode.read('hot.plasma');
      return text.includes('param busy = 80%') && text.includes('server.cpu.perc > busy') && !text.includes('high');
    });
  },

  /** A module of the library is opened, though it lies in no file. */
  async library(vscode) {
    await vscode.go(1, 12);
    await vscode.press('F12');
    await vscode.see('tab', 'balance.plasma');
    await vscode.see('editor', 'loaded ones give actors to idle ones');
    await vscode.command('View: Close Editor');
  },
};
