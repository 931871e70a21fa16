// The README says of every setting and command what the extension itself says of it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { extension } from './repository.mjs';

const { contributes } = JSON.parse(readFileSync(path.join(extension, 'package.json'), 'utf8'));
const readme = readFileSync(path.join(extension, 'README.md'), 'utf8');
const rows = readme.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.split(/\s*\|\s*/).slice(1, -1));

test('every setting is in the README, with its default and what it does', () => {
  for (const [name, setting] of Object.entries(contributes.configuration.properties)) {
    const row = rows.find(([first]) => first === `\`${name}\``);
    assert.ok(row, `${name} is not in the README`);
    const shown = setting.default === '' ? '' : `\`${setting.default}\``;
    assert.equal(row[1], shown, `the default of ${name}`);
    const said = (setting.description ?? setting.markdownDescription).replace(/\.$/, '');
    assert.ok(row[2].startsWith(said), `${name}: ${row[2]}`);
  }
});

test('every command of the palette is in the README', () => {
  for (const { category, title } of contributes.commands) {
    assert.ok(rows.some(([first]) => first === `${category}: ${title}`), `${title} is not in the README`);
  }
});
