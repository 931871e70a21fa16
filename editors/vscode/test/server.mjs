// What the compiler says each word is: the semantic tokens of `plasma lsp`.

import { spawn } from 'node:child_process';

/** A language server, asked one thing after the other. */
export class Server {
  #process;
  #received = Buffer.alloc(0);
  #waiting = new Map();
  #id = 0;

  constructor(program) {
    this.#process = spawn(program, ['lsp'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.stdout.on('data', (chunk) => this.#take(chunk));
    this.failed = new Promise((_, reject) => this.#process.on('error', reject));
  }

  #take(chunk) {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.subarray(0, end).toString())[1]);
      if (this.#received.length < end + 4 + length) return;
      const message = JSON.parse(this.#received.subarray(end + 4, end + 4 + length).toString());
      this.#received = this.#received.subarray(end + 4 + length);
      const waiting = message.method === undefined && this.#waiting.get(message.id);
      if (waiting) waiting(message.result);
      if (message.method === 'textDocument/publishDiagnostics') {
        const { uri, diagnostics } = message.params;
        this.#waiting.get(uri)?.(diagnostics);
      }
    }
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  request(method, params) {
    const id = ++this.#id;
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.#send({ id, method, params });
    return Promise.race([answer, this.failed]);
  }

  #send(message) {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  async start() {
    const { capabilities } = await this.request('initialize', { processId: null, rootUri: null, capabilities: {} });
    this.notify('initialized', {});
    this.legend = capabilities.semanticTokensProvider.legend.tokenTypes;
  }

  /** The tokens of a text (line, start, length, kind), and whether it has errors. */
  async tokens(uri, text) {
    const diagnostics = new Promise((resolve) => this.#waiting.set(uri, resolve));
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'plasma', version: 1, text } });
    const { data } = await this.request('textDocument/semanticTokens/full', { textDocument: { uri } });
    const hasErrors = (await diagnostics).some((diagnostic) => diagnostic.severity === 1);
    this.notify('textDocument/didClose', { textDocument: { uri } });
    const tokens = [];
    let [line, start] = [0, 0];
    for (let at = 0; at < data.length; at += 5) {
      start = data[at] === 0 ? start + data[at + 1] : data[at + 1];
      line += data[at];
      tokens.push({ line, start, length: data[at + 2], kind: this.legend[data[at + 3]] });
    }
    return { tokens, hasErrors };
  }

  async stop() {
    await this.request('shutdown');
    this.notify('exit');
  }
}
