// What a person does with a policy and a trace in the debugger.

export const DEBUGGING = {
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
};
