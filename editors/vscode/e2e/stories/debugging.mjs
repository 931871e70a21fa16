// What a person does with a policy and a trace in the debugger.

/** Ends the session, and waits until nothing of it is seen. */
async function stop(vscode) {
  await vscode.at('debugStop').click();
  await vscode.lose('debugToolbar');
}

/** Debugs the policy on the attached trace, until it halts at a time. */
async function debugUntil(vscode, time) {
  await vscode.open('hot.plasma');
  await vscode.press('F5');
  await vscode.see('debugTime', `t = ${time} s`);
}

/** Sets what the breakpoint at the cursor halts at. */
async function setMode(vscode, mode) {
  await vscode.command('Debug: Edit Breakpoint');
  // It takes the keyboard a moment later, which closes every list again.
  await vscode.see('breakpointFocused');
  await (await vscode.see('breakpointMode')).click();
  await (await vscode.see('selectRow', mode)).click();
  await (await vscode.see('breakpointInput')).click();
  await vscode.press('Enter');
  await vscode.lose('breakpointInput');
  await vscode.see('breakpointRow', mode);
}

export const DEBUGGING = {
  /** A trace is gone through: it halts where a rule fires, and shows what was measured. */
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
    await vscode.see('stackFrame', 'x = forest');
    await vscode.shoot('debugging');
  },

  /** It goes on and back by periods. What is watched, and how far from its threshold something is, change with them. */
  async stepping(vscode) {
    await vscode.go(10, 7);
    await vscode.press(...Array(10).fill('Shift+ArrowRight'));
    await vscode.command('Debug: Add to Watch');
    await vscode.see('watched', /f\.cpu\.perc =\s*52 %/);
    await vscode.at('stepBack').click();
    await vscode.see('debugTime', 't = 20 s');
    await vscode.see('watched', '41 %');
    await vscode.see('variable', 'false: 74 %, 6 % away');
    // Rules that do not fire are not folded away where there is nothing else to see.
    await vscode.see('stackFrame', 'even_mem does not fire');
    await vscode.see('stackFrame', 'hot_folder does not fire');
    await vscode.at('stepOver').click();
    await vscode.see('debugTime', 't = 30 s');
    await vscode.see('watched', '52 %');
    await vscode.at('reverseContinue').click();
    await vscode.see('debugTime', 't = 10 s');
    await vscode.see('debugConsole', 'this is the first tick of the trace');
    await (await vscode.see('watched')).click();
    await vscode.press('Delete');
    await vscode.lose('watched');
    await stop(vscode);
  },

  /** A breakpoint can be for a rule that nearly fires. */
  async 'nearly fires'(vscode) {
    await vscode.open('hot.plasma');
    await vscode.go(7, 1);
    await setMode(vscode, 'Nearly fires');
    await debugUntil(vscode, 20);
    await vscode.see('stackFrame', 'hot_folder does not fire');
    await vscode.shoot('nearly-fires');
    await stop(vscode);
    await vscode.command('Remove All Breakpoints');
  },

  /** A breakpoint can be for a rule of the library, and for what becomes of its wishes. */
  async suppressed(vscode) {
    await vscode.open('hot.plasma');
    await vscode.go(1, 12);
    await vscode.press('F12');
    await vscode.see('tab', 'balance.plasma');
    await vscode.see('editor', 'loaded ones give actors to idle ones');
    await vscode.go(31, 1);
    await vscode.press('F9');
    await vscode.see('breakpoint');
    await setMode(vscode, 'Suppressed');
    await debugUntil(vscode, 40);
    await vscode.see('stackFrame', 'balance.even_cpu');
    await (await vscode.see('variable', 'Asks for')).click();
    await vscode.see('variable', 'refused: cpu of server s1 stays outside the bounds');
    await vscode.shoot('suppressed');
    await stop(vscode);
    await vscode.command('Remove All Breakpoints');
    await vscode.command('View: Close All Editors');
  },

  /** It halts at whatever is refused, says what, and shows whose wish it was. */
  async 'what is refused'(vscode) {
    const box = (await vscode.see('breakpointRow', 'Anything is refused')).locator('.monaco-checkbox');
    await box.click();
    await debugUntil(vscode, 40);
    await vscode.see('exception', 'balance({Folder}, cpu) is refused');
    await vscode.see('haltedLine');
    await stop(vscode);
    await box.click();
    await vscode.command('View: Close All Editors');
  },

  /** A launch.json says where to begin, and a breakpoint names its rule in words. */
  async 'launch.json'(vscode) {
    const launch = { type: 'plasma', request: 'launch', name: 'from the first tick', stopOnEntry: true };
    const [program, trace] = ['${workspaceFolder}/hot.plasma', '${workspaceFolder}/run.jsonl'];
    vscode.write('.vscode/launch.json', JSON.stringify({ configurations: [{ ...launch, program, trace }] }));
    await vscode.command('Add Function Breakpoint');
    await vscode.type('hot_folder nearly 5%');
    await vscode.press('Enter');
    await debugUntil(vscode, 10);
    await vscode.press('F5');
    await vscode.see('debugTime', 't = 50 s');
    await vscode.shoot('launch');
    await stop(vscode);
    vscode.remove('.vscode');
    await vscode.command('Remove All Breakpoints');
    await vscode.command('View: Show Explorer');
    await vscode.command('View: Hide Panel');
  },
};
