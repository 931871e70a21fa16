// What a person has tasks find in a whole folder.

export const TASKS = {
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
};
