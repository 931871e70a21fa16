// The tests of policies in the test explorer, run by `plasma test`.

import * as path from 'node:path';
import * as vscode from 'vscode';

import { declaredTests } from './declared';
import { ProgramNotFound, run, tell } from './program';

/** Policies that are nobody's own. */
const LEFT_OUT = '**/{target,node_modules,.*}/**';

/** What `plasma test --format json` prints. */
interface Document {
  readonly tests: readonly TestReport[];
  readonly coverage?: Coverage;
}

interface TestReport {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly status: string;
  readonly failures: readonly Failure[];
}

interface Failure {
  readonly t: number;
  readonly line: number;
  readonly expected: string;
  readonly actual: string;
  readonly why: readonly string[];
}

interface Count {
  readonly covered: number;
  readonly total: number;
}

interface Coverage {
  readonly rules: Count;
  readonly conditions: Count;
  readonly thresholds: Count;
  readonly behaviors: Count;
  readonly uncovered: readonly { readonly text: string; readonly line: number }[];
}

/** What of a policy its tests do not reach, kept until somebody opens it. */
class PolicyCoverage extends vscode.FileCoverage {
  constructor(uri: vscode.Uri, readonly found: Coverage) {
    const { rules, conditions, thresholds, behaviors } = found;
    super(uri, count(behaviors), count(conditions, thresholds), count(rules));
  }

  /** The lines that are not reached, each with what is missing there. */
  details(): vscode.FileCoverageDetail[] {
    const lines = new Map<number, string[]>();
    for (const { line, text } of this.found.uncovered) {
      lines.set(line, [...(lines.get(line) ?? []), text]);
    }
    return [...lines].map(([line, texts]) => {
      const position = new vscode.Position(line - 1, 0);
      const branches = texts.map((text) => new vscode.BranchCoverage(false, position, text));
      return new vscode.StatementCoverage(false, position, branches);
    });
  }
}

function count(...counts: Count[]): vscode.TestCoverageCount {
  const sum = (of: (count: Count) => number) => counts.reduce((before, next) => before + of(next), 0);
  return new vscode.TestCoverageCount(sum((next) => next.covered), sum((next) => next.total));
}

/** Fills the test explorer, and keeps it as the policies are. */
export function registerTests(context: vscode.ExtensionContext): void {
  const controller = vscode.tests.createTestController('plasma', 'Plasma');
  const runs = new Runs(controller);
  const { Run, Coverage } = vscode.TestRunProfileKind;
  controller.createRunProfile('Run', Run, (request, cancel) => runs.run(request, cancel, false), true);
  const coverage = controller.createRunProfile('Coverage', Coverage, (request, cancel) => runs.run(request, cancel, true));
  coverage.loadDetailedCoverage = async (_, of) => (of instanceof PolicyCoverage ? of.details() : []);
  const found = (uri: vscode.Uri, text: string) => update(controller, uri, text);
  const read = async (uri: vscode.Uri) => {
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    found(uri, open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
  };
  const search = async () => {
    const uris = await vscode.workspace.findFiles('**/*.plasma', LEFT_OUT);
    await Promise.all(uris.map(read));
  };
  controller.refreshHandler = search;
  controller.resolveHandler = (item) => (item === undefined ? search() : undefined);
  const opened = (document: vscode.TextDocument) => {
    if (document.languageId === 'plasma' && document.uri.scheme === 'file') {
      found(document.uri, document.getText());
    }
  };
  vscode.workspace.textDocuments.forEach(opened);
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.plasma');
  context.subscriptions.push(
    controller,
    watcher,
    watcher.onDidCreate(read),
    watcher.onDidChange(read),
    watcher.onDidDelete((uri) => controller.items.delete(uri.toString())),
    vscode.workspace.onDidOpenTextDocument(opened),
    vscode.workspace.onDidChangeTextDocument(({ document }) => opened(document)),
  );
  void search();
}

/** Brings the items of a policy in line with its text; one without tests has none. */
function update(controller: vscode.TestController, uri: vscode.Uri, text: string): void {
  const tests = declaredTests(text);
  if (tests.length === 0) {
    controller.items.delete(uri.toString());
    return;
  }
  const known = controller.items.get(uri.toString());
  const file = known ?? controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
  file.children.replace(
    tests.map(({ name, line }) => {
      const item = file.children.get(name) ?? controller.createTestItem(name, name, uri);
      item.range = new vscode.Range(line, 0, line, 0);
      item.sortText = String(line).padStart(6, '0');
      return item;
    }),
  );
  if (known === undefined) {
    controller.items.add(file);
  }
}

/** Runs of tests: one of the program for each policy. */
class Runs {
  readonly #controller: vscode.TestController;

  constructor(controller: vscode.TestController) {
    this.#controller = controller;
  }

  async run(request: vscode.TestRunRequest, cancel: vscode.CancellationToken, covers: boolean): Promise<void> {
    const testRun = this.#controller.createTestRun(request);
    for (const [file, tests] of this.#chosen(request)) {
      if (cancel.isCancellationRequested) {
        break;
      }
      tests.forEach((test) => testRun.started(test));
      try {
        await runPolicy(testRun, file, tests, covers, cancel);
      } catch (error) {
        tests.forEach((test) => testRun.errored(test, new vscode.TestMessage(String(error))));
        if (error instanceof ProgramNotFound) {
          void tell(error);
          break;
        }
      }
    }
    testRun.end();
  }

  /** The tests that are asked for, by policy. */
  #chosen(request: vscode.TestRunRequest): Map<vscode.TestItem, vscode.TestItem[]> {
    const chosen = new Map<vscode.TestItem, vscode.TestItem[]>();
    const add = (item: vscode.TestItem) => {
      if (request.exclude?.includes(item)) {
        return;
      }
      const { parent } = item;
      if (parent === undefined) {
        item.children.forEach(add);
      } else if (!chosen.get(parent)?.includes(item)) {
        chosen.set(parent, [...(chosen.get(parent) ?? []), item]);
      }
    };
    if (request.include === undefined) {
      this.#controller.items.forEach(add);
    } else {
      request.include.forEach(add);
    }
    return chosen;
  }
}

async function runPolicy(
  testRun: vscode.TestRun,
  file: vscode.TestItem,
  tests: vscode.TestItem[],
  covers: boolean,
  cancel: vscode.CancellationToken,
): Promise<void> {
  const uri = file.uri;
  if (uri === undefined) {
    return;
  }
  const parameters = ['test', uri.fsPath, '--format', 'json'];
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) {
    parameters.push('--filter', only.label);
  }
  if (covers) {
    parameters.push('--coverage');
  }
  const output = await run(parameters, path.dirname(uri.fsPath), cancel);
  if (cancel.isCancellationRequested) {
    tests.forEach((test) => testRun.skipped(test));
    return;
  }
  if (output.status !== 0 && output.status !== 1) {
    const told = `${output.stderr}${output.stdout}`.trim();
    append(testRun, told, file);
    tests.forEach((test) => testRun.errored(test, new vscode.TestMessage(told)));
    return;
  }
  const document = JSON.parse(output.stdout) as Document;
  for (const test of tests) {
    const report = document.tests.find(({ name }) => name === test.label);
    judge(testRun, test, report, uri);
  }
  if (document.coverage !== undefined) {
    testRun.addCoverage(new PolicyCoverage(uri, document.coverage));
  }
}

function judge(testRun: vscode.TestRun, test: vscode.TestItem, report: TestReport | undefined, uri: vscode.Uri): void {
  if (report === undefined) {
    testRun.errored(test, new vscode.TestMessage('`plasma test` has not run it: has the policy been saved?'));
    return;
  }
  append(testRun, `${report.status === 'passed' ? 'ok    ' : 'FAIL  '}${report.name}`, test);
  if (report.status === 'passed') {
    testRun.passed(test);
    return;
  }
  const messages = report.failures.map((failure) => {
    const lines = [`at ${failure.t} s: ${failure.actual}`, ...failure.why];
    append(testRun, [`      ${failure.expected}`, ...lines.map((line) => `        ${line}`)].join('\n'), test);
    // What was expected stands at the line where this is shown.
    const message = new vscode.TestMessage(lines.join('\n'));
    message.location = new vscode.Location(uri, new vscode.Position(failure.line - 1, 0));
    return message;
  });
  testRun.failed(test, messages);
}

/** Output of a run is that of a terminal. */
function append(testRun: vscode.TestRun, text: string, test: vscode.TestItem): void {
  testRun.appendOutput(`${text.replace(/\r?\n/g, '\r\n')}\r\n`, undefined, test);
}
