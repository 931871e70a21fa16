// The tests that the explorer finds are those that `plasma test` runs, at the same lines.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { buildSync } from 'esbuild';

import { extension, files, program, repository } from './repository.mjs';

const built = buildSync({ entryPoints: [path.join(extension, 'src/declared.ts')], format: 'esm', write: false });
const { declaredTests } = await import(`data:text/javascript,${encodeURIComponent(built.outputFiles[0].text)}`);

test('the explorer finds the tests of the library', () => {
  let compared = 0;
  for (const file of files(path.join(repository, 'stdlib'), '.plasma')) {
    const { stdout } = spawnSync(program, ['test', file, '--format', 'json'], { encoding: 'utf8' });
    const run = JSON.parse(stdout).tests.map(({ name, line }) => ({ name, line: line - 1 }));
    assert.deepEqual(declaredTests(readFileSync(file, 'utf8')), run, file);
    compared += run.length;
  }
  assert.ok(compared > 20, `only ${compared} tests compared`);
});

test('comments and escapes are seen', () => {
  const text = '/* test "no" {\ntest "no" {} */\n// test "no" {}\ntest "a \\"b\\" // c" {\n}\n/* x */ \ntest "d" [period 1s] {}';
  assert.deepEqual(declaredTests(text), [{ name: 'a "b" // c', line: 3 }, { name: 'd', line: 6 }]);
});
