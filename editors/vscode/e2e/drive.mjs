// Opens the demo workspace in VS Code with the extension, and does what a person does there. Fails with what was
// not seen. The program, the tools and the folders are given by the environment.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { STORIES } from './stories.mjs';
import { Workbench } from './workbench.mjs';

const { PLASMA, TOOLS, VSIX, FOLDER, CHROMIUM, SCREENSHOTS } = process.env;
const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(TOOLS, 'package.json'));
const { chromium } = require('playwright-core');

const workspace = path.join(FOLDER, 'demo');
const data = path.join(FOLDER, 'data');
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': 'Default Dark Modern',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'editor.minimap.enabled': false,
  'editor.fontFamily': 'DejaVu Sans Mono',
  'editor.accessibilitySupport': 'off',
  'window.commandCenter': false,
  'git.enabled': false,
  'debug.toolBarLocation': 'floating',
};

/** What belongs to the machine that VS Code runs on. */
const MACHINE = { 'plasma.path': PLASMA };

/** Nothing here is looked up in a marketplace. */
const ENVIRONMENT = {
  ...process.env,
  EXTENSIONS_GALLERY: '{"serviceUrl":"http://127.0.0.1:9","itemUrl":"","resourceUrlTemplate":""}',
};

function prepare() {
  // What an earlier run left would be seen again.
  rmSync(data, { recursive: true, force: true });
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(SCREENSHOTS, { recursive: true });
  cpSync(path.join(here, '../../demo'), workspace, { recursive: true });
  for (const [folder, settings] of [['User', SETTINGS], ['Machine', MACHINE]]) {
    mkdirSync(path.join(data, folder), { recursive: true });
    writeFileSync(path.join(data, folder, 'settings.json'), JSON.stringify(settings));
  }
}

const entry = path.join(TOOLS, 'node_modules/code-server/out/node/entry.js');
const flags = [
  '--user-data-dir', data, '--extensions-dir', path.join(data, 'extensions'), '--config', path.join(data, 'config.yaml'),
  '--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust',
];

function install() {
  const installed = spawnSync(process.execPath, [entry, ...flags, '--install-extension', VSIX], { env: ENVIRONMENT });
  if (installed.status !== 0) throw new Error(`the extension cannot be installed: ${installed.stdout}${installed.stderr}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function serve(port) {
  const server = spawn(process.execPath, [entry, ...flags, '--bind-addr', `127.0.0.1:${port}`, workspace], {
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (printed += chunk));
  for (let tries = 0; tries < 300; tries += 1) {
    const healthy = await fetch(`http://127.0.0.1:${port}/healthz`).then((answer) => answer.ok, () => false);
    if (healthy) return server;
    if (server.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  server.kill();
  throw new Error(`VS Code did not start: ${printed}`);
}

/** Runs an application that is served at an address; `stop` ends it as Ctrl-C does. */
function engine(parameters, address = '127.0.0.1:0') {
  const served = ['--listen', address, '--format', 'json'];
  const run = spawn(PLASMA, ['run', ...parameters, ...served], { stdio: ['ignore', 'ignore', 'pipe'] });
  process.on('exit', () => run.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    let printed = '';
    run.on('error', reject).on('exit', () => reject(new Error(`the run ended: ${printed}`)));
    run.stderr.on('data', (chunk) => {
      printed += chunk;
      const url = printed.match(/ws:\S+\n/)?.[0].trim();
      if (url !== undefined) resolve({ url, stop: () => run.kill('SIGINT') });
    });
  });
}

async function main() {
  prepare();
  install();
  const port = await freePort();
  const server = await serve(port);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  let failed = 0;
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const workbench = new Workbench(page, SCREENSHOTS);
    workbench.configure = (settings) => {
      writeFileSync(path.join(data, 'Machine/settings.json'), JSON.stringify({ ...MACHINE, ...settings }));
    };
    workbench.read = (file) => readFileSync(path.join(workspace, file), 'utf8');
    workbench.write = (file, text) => {
      mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true });
      writeFileSync(path.join(workspace, file), text);
    };
    workbench.remove = (file) => rmSync(path.join(workspace, file), { recursive: true });
    workbench.engine = engine;
    await page.goto(`http://127.0.0.1:${port}/?folder=${workspace}`);
    await workbench.see('workbench');
    const only = process.argv.slice(2);
    for (const [name, story] of Object.entries(STORIES)) {
      if (only.length > 0 && !only.includes(name)) continue;
      const begin = Date.now();
      try {
        await story(workbench);
        console.log(`  ${name}: ok (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
      } catch (error) {
        failed += 1;
        await workbench.shoot(`failed-${name.replace(/ /g, '-')}`);
        console.log(`  ${name}: ${error.message}`);
        break;
      }
    }
  } finally {
    await browser.close();
    server.kill();
  }
  // Processes of VS Code outlive their server for a while.
  process.exit(failed === 0 ? 0 : 1);
}

await main();
