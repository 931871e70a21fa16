// What a person has tasks find in a whole folder.

/** A policy that nobody has opened, and what may be wrong with it. */
const LOOSE = `\
rule loose: server.cpu.perc > 80 => balance({Folder}, cpu);

test "nobody is asked" {
  server s1 { cpu: 10% }
  Folder f on s1 { cpu: 5%, files: [] }
  never balance({Folder}, cpu);
}
`;
const WRONG = {
  layout: LOOSE.replace('rule loose', 'rule  loose'),
  name: LOOSE.replace('perc > 80', 'prec > 80'),
  expectation: LOOSE.replace('never', 'expect'),
  parameter: `${LOOSE}\nparam spare = 3;\n`,
};

/** Runs a task by what it is for: to build, to test. */
async function run(vscode, what, task) {
  await vscode.command(`Tasks: Run ${what}`);
  await vscode.pick(task);
}

/** Has a task find a problem in the policy. */
async function finds(vscode, problem, run) {
  let again = 0;
  await vscode.until(`a task has found ${problem}`, async () => {
    // Of a terminal that is used again, VS Code now and then misses the first lines of what is quick.
    if (Date.now() > again) {
      await run();
      again = Date.now() + 5000;
    }
    // The terminal of the task comes to the front when it begins, which may be after the problems did.
    await vscode.command('View: Focus Problems');
    return (await vscode.at('problem').filter({ hasText: problem }).count()) > 0;
  });
  await vscode.see('problem', 'loose.plasma');
}

/** Waits until a problem is listed no more, though others are. */
async function mended(vscode, problem) {
  await vscode.until(`${problem} is listed no more`, async () => {
    await vscode.command('View: Focus Problems');
    const listed = (await vscode.at('problem').allInnerTexts()).join('\n');
    return listed.includes('loose.plasma') && !listed.includes(problem);
  });
}

export const TASKS = {
  /** Tasks find what is wrong in files that nobody has opened. */
  async tasks(vscode) {
    vscode.write('loose.plasma', WRONG.layout);
    await run(vscode, 'Task', 'plasma');
    await vscode.pick('plasma: fmt');
    await finds(vscode, 'rule  loose', () => {});
    await vscode.shoot('tasks');
  },

  /** The one that tests tells why no test was run, or why one failed; what is mended is listed no more. */
  async 'test task'(vscode) {
    const test = () => run(vscode, 'Test Task', 'plasma: test');
    vscode.write('loose.plasma', WRONG.name);
    await finds(vscode, '`cpu` has no statistic `prec`', test);
    vscode.write('loose.plasma', WRONG.expectation);
    await finds(vscode, 'expect balance({Folder}, cpu)', test);
    await mended(vscode, '`cpu` has no statistic `prec`');
    vscode.write('loose.plasma', LOOSE);
    await test();
    await mended(vscode, 'expect balance({Folder}, cpu)');
  },

  /** The one that builds checks. */
  async 'build task'(vscode) {
    vscode.write('loose.plasma', WRONG.name);
    await finds(vscode, '`cpu` has no statistic `prec`', () => run(vscode, 'Build Task', 'plasma: check'));
  },

  /** One of tasks.json has its own paths and arguments. */
  async 'tasks.json'(vscode) {
    const task = { type: 'plasma', task: 'check', paths: ['loose.plasma'], arguments: ['--deny', 'warnings'] };
    const tasks = [{ ...task, label: 'only loose', problemMatcher: '$plasma' }];
    vscode.write('.vscode/tasks.json', JSON.stringify({ version: '2.0.0', tasks }));
    vscode.write('loose.plasma', WRONG.parameter);
    await finds(vscode, 'nothing uses parameter `spare`', async () => {
      await vscode.command('Tasks: Run Task');
      const row = vscode.at('quickInputRow').filter({ hasText: 'only loose' });
      // It is not there until the file has been read.
      await row.click({ timeout: 2000 }).catch(() => vscode.press('Escape'));
    });
    vscode.remove('.vscode');
    vscode.remove('loose.plasma');
  },
};
