// The policies of this repository, which the tests are about.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const extension = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
export const repository = path.join(extension, '../..');

/** The program that the extension is held against. */
export const program = process.env.PLASMA ?? 'plasma';

/** Files below a folder whose names end so. */
export function* files(folder, ending) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    const isLeftOut = ['target', 'node_modules', 'peers'].includes(entry.name) || entry.name.startsWith('.');
    if (entry.isDirectory() && !isLeftOut) yield* files(file, ending);
    else if (entry.isFile() && entry.name.endsWith(ending)) yield file;
  }
}
