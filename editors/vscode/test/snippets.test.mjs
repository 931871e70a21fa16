// Each snippet, accepted as it is, is laid out and has the form of the language.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { extension, program } from './repository.mjs';

/** The text of a snippet with what stands in its places. */
function accepted(body) {
  const places = new Map();
  let text = [body].flat().join('\n');
  for (let before = ''; before !== text; ) {
    before = text;
    // The innermost place first.
    text = text.replace(/\$\{(\d+):((?:[^$}\\]|\\.)*)\}/, (_, place, value) => {
      places.set(place, value);
      return value;
    });
    text = text.replace(/\$\{(\d+)\}/, (again, place) => places.get(place) ?? again);
  }
  return `${text.replace(/\\(.)/g, '$1')}\n`;
}

const snippets = JSON.parse(readFileSync(path.join(extension, 'snippets/plasma.json'), 'utf8'));

for (const [name, { body }] of Object.entries(snippets)) {
  test(`the snippet for a ${name} is laid out as the language is`, () => {
    const text = accepted(body);
    const { stdout, stderr, status } = spawnSync(program, ['fmt', '-'], { input: text, encoding: 'utf8' });
    assert.equal(status, 0, `${text}${stderr}`);
    assert.equal(stdout, text);
  });
}
