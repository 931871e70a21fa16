// What a person is told when something is missing.

export const TROUBLE = {
  /** Without the program, people are told how to come by it. */
  async 'missing program'(vscode) {
    vscode.configure({ 'plasma.path': 'no-such-plasma' });
    await vscode.see('notification', 'The program `no-such-plasma` was not found');
  },
};
