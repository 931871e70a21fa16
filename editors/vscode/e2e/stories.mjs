// What a person does with a policy in VS Code: each story begins where the one before it ended.

export const STORIES = {
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

  /** All tests are run, and pass. */
  async tests(vscode) {
    await vscode.command('Test: Run All Tests');
    await vscode.command('Testing: Focus on Test Explorer View');
    await vscode.until('both tests have passed', async () => (await vscode.at('testPassed').count()) >= 1);
  },

  /** A test that fails says why at its line; the coverage says what no test reaches. */
  async 'failing test'(vscode) {
    await vscode.open('hot.plasma');
    const write = async (line) => {
      await vscode.go(23, 3);
      await vscode.press('Shift+End');
      await vscode.type(line);
    };
    await write('expect f on s1;');
    await vscode.command('Plasma: Run Test at Cursor');
    await vscode.see('testFailed');
    await vscode.see('testMessage', 'it is on s2');
    await vscode.shoot('failing-test');
    await write('expect f on s2 and x on s2;');
    await vscode.save();
    await vscode.command('Test: Clear All Results');
  },

  /** What the tests do not reach is told. */
  async coverage(vscode) {
    await vscode.command('Test: Run All Tests with Coverage');
    await vscode.see('coverage', '%');
    await vscode.shoot('coverage');
  },

  /** Tasks find what is wrong in files that nobody has opened. */
  async tasks(vscode) {
    vscode.write('loose.plasma', 'rule  loose: server.cpu.perc > 80 => balance({Folder}, cpu);\n');
    await vscode.command('Tasks: Run Task');
    await vscode.pick('plasma');
    await vscode.pick('plasma: fmt');
    // The terminal of the task comes to the front when it begins, which may be after the problems did.
    await vscode.until('the task has found something', async () => {
      await vscode.command('View: Focus Problems');
      return (await vscode.at('problem').filter({ hasText: 'loose.plasma' }).count()) > 0;
    });
    await vscode.see('problem', 'rule  loose');
    await vscode.shoot('tasks');
    vscode.remove('loose.plasma');
  },

  /** A trace is gone through: it halts where a rule fires, goes on and back, and shows what was measured. */
  async debugging(vscode) {
    await vscode.open('hot.plasma');
    await vscode.go(7, 1);
    await vscode.press('F9');
    await vscode.see('breakpoint');
    await vscode.command('Plasma: Debug This Policy on a Trace');
    await vscode.see('quickInputRow', 'run.jsonl');
    await vscode.press('Enter');
    await vscode.see('haltedLine');
    await vscode.see('stackFrame', 'hot_folder');
    await vscode.see('debugTime', 't = 30 s');
    await (await vscode.see('variable', 'Conditions')).click();
    await vscode.see('variable', 'server.cpu.perc');
    await vscode.shoot('debugging');
    await vscode.at('stepBack').click();
    await vscode.see('debugTime', 't = 20 s');
    await vscode.see('stackFrame', 'does not fire');
    await vscode.at('debugStop').click();
    await vscode.lose('debugToolbar');
    await vscode.command('View: Show Explorer');
    await vscode.command('View: Hide Panel');
  },

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

  /** Without the program, people are told how to come by it. */
  async 'missing program'(vscode) {
    vscode.configure({ 'plasma.path': 'no-such-plasma' });
    await vscode.see('notification', 'The program `no-such-plasma` was not found');
  },
};
