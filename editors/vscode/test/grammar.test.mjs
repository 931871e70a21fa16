// The TextMate grammar is held against the compiler: every word of every policy of this repository gets a colour of
// the kind that `plasma lsp` says it is. `PLASMA` names the program.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { extension, files, program, repository } from './repository.mjs';
import { Server } from './server.mjs';

const require = createRequire(import.meta.url);
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');

/** What a scope must begin with for what the compiler knows a token as. */
const EXPECTED = {
  keyword: /^(keyword|variable\.language|constant\.language|support\.function)/,
  class: /^entity\.name\.type/,
  property: /^(variable\.other|entity\.name\.function\.member|support\.function\.label)/,
  method: /^(entity\.name\.function|support\.function|variable\.other\.property)/,
  variable: /^variable\.other/,
  parameter: /^variable\.other/,
  enumMember: /^(variable\.other|entity\.name\.type)/,
  function: /^(entity\.name\.function|variable\.other)/,
  event: /^(entity\.name|variable\.other)/,
  namespace: /^(entity\.name\.namespace|variable\.other)/,
  number: /^constant\.numeric/,
  string: /string/,
  comment: /^comment/,
  operator: /^(keyword\.operator|punctuation)/,
};

async function grammar() {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const file = path.join(extension, 'syntaxes/plasma.tmLanguage.json');
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(file, 'utf8'), file),
  });
  return registry.loadGrammar('source.plasma');
}

/** For each line, its tokens with their scopes. */
function scopes(grammar, text) {
  let state = textmate.INITIAL;
  return text.split(/\r?\n/).map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens;
  });
}

/** Blocks of policy on pages of the specification: more of the language than any policy has. */
function* blocks(folder) {
  for (const file of files(folder, '.md')) {
    const pages = readFileSync(file, 'utf8').matchAll(/^```plasma\n([^]*?)^```/gm);
    for (const [number, [, text]] of [...pages].entries()) yield [`${file}#${number + 1}`, text];
  }
}

test('each word has a colour of the kind that the compiler says it is', async () => {
  const server = new Server(program);
  await server.start();
  const colours = await grammar();
  const texts = [...files(repository, '.plasma')].map((file) => [file, readFileSync(file, 'utf8')]);
  texts.push(...blocks(path.join(repository, 'tests/spec')));
  assert.ok(texts.length > 100, `only ${texts.length} policies found`);
  const wrong = [];
  let compared = 0;
  for (const [file, text] of texts) {
    const lines = scopes(colours, text);
    const source = text.split(/\r?\n/);
    const { tokens, hasErrors } = await server.tokens(pathToFileURL(file).href, text);
    // Of what is wrong the compiler itself only guesses what it is.
    if (hasErrors) continue;
    for (const token of tokens) {
      const piece = lines[token.line].findLast((piece) => piece.startIndex <= token.start);
      // A text may have holes with expressions in it; its own pieces lie anywhere between.
      const scope = token.kind === 'string' ? piece.scopes.join(' ') : piece.scopes.at(-1);
      compared += 1;
      if (EXPECTED[token.kind].test(scope)) continue;
      const word = source[token.line].slice(token.start, token.start + token.length);
      wrong.push(`${path.relative(repository, file)}:${token.line + 1}: ${word} is ${token.kind}, coloured ${scope}`);
    }
  }
  await server.stop();
  assert.ok(compared > 5000, `only ${compared} words compared`);
  assert.deepEqual(wrong.slice(0, 40), []);
});
