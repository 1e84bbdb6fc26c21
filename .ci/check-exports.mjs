// Checks the package as others will get it: publint, attw, and every entry point by `import` and by `require`.
// Both ways must give the same class objects, or every `instanceof` and every registry would split in two.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The built files are what is checked here: forget the `source` condition that npm scripts run with.
if (process.env.NODE_OPTIONS?.includes('--conditions')) {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const again = spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env });
  process.exit(again.status ?? 1);
}

const require = createRequire(import.meta.url);
const failures = [];

/** Runs a tool of node_modules/.bin with its output in a file: attw ends before a pipe is drained. */
function tool(command, args) {
  const folder = mkdtempSync(join(tmpdir(), 'dspex-exports-'));
  const output = openSync(join(folder, 'output'), 'w');
  const { status } = spawnSync('npx', ['--no', '--', command, ...args], { stdio: ['ignore', output, 'inherit'] });
  closeSync(output);
  const text = readFileSync(join(folder, 'output'), 'utf8');
  rmSync(folder, { recursive: true });
  return { status, text };
}

const lint = tool('publint', ['--strict']);
console.log(lint.text.trim());
if (lint.status !== 0) failures.push(`publint: exit code ${lint.status}`);

// Every way to resolve types that knows `exports`; node10 does not, and TypeScript 6 has given it up.
const types = JSON.parse(tool('attw', ['--pack', '.', '--exclude-entrypoints', 'register', '--format', 'json']).text);
const problems = types.analysis.problems.filter((one) => (one.resolutionKind ?? one.resolutionOption) !== 'node10');
for (const problem of problems) failures.push(`attw: ${JSON.stringify(problem)}`);
console.log(`attw: ${problems.length} problems`);

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
for (const [entry, conditions] of Object.entries(manifest.exports)) {
  const name = `${manifest.name}${entry.slice(1)}`;
  if (typeof conditions === 'string') continue; // package.json and the hook: not modules of ours to compare
  try {
    const imported = await import(name);
    const required = require(name);
    const names = Object.keys(required).filter((key) => key !== '__esModule');
    if (names.length === 0) failures.push(`${name}: exports nothing`);
    for (const key of names)
      if (imported[key] !== required[key]) failures.push(`${name}: ${key} differs by import and require`);
    console.log(`${name}: ${names.length} exports, the same by import and by require`);
  } catch (error) {
    failures.push(`${name}: ${error.message}`);
  }
}

for (const failure of failures) console.error(`FAILED ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;
