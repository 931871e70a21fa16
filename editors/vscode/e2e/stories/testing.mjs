// What a person does with the tests of a policy.

export const TESTING = {
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
};
