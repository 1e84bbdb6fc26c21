// Runs every example by the line written in its head, unchanged, with no network but the loopback:
// `// Run: npx ts-node examples/rag.ts`. An example that needs more (the local model's weights) says so by `// Needs: ...`;
// it is run with --all, and listed otherwise.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const MINUTES = 10;
const all = process.argv.includes('--all');
const failures = [];
let ran = 0;

for (const file of readdirSync('examples').filter((name) => /\.m?ts$/.test(name))) {
  const head = readFileSync(`examples/${file}`, 'utf8').split('\n').slice(0, 30).join('\n');
  const needs = /Needs:\s*(.+)/.exec(head)?.[1];
  const line = /Run:\s*`?([^`\n]+?)`?\s*(?:\*\/)?$/m.exec(head)?.[1];
  if (needs !== undefined && !all) {
    console.log(`examples/${file}: not run without --all, it needs ${needs}`);
    continue;
  }
  if (line === undefined) {
    failures.push(`examples/${file}: its head has no line "Run: ..."`);
    continue;
  }
  console.log(`\n> ${line}`);
  const done = spawnSync(line, {
    shell: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: needs === undefined ? { ...process.env, DSPEX_OFFLINE: '1' } : process.env,
    timeout: MINUTES * 60_000,
  });
  ran += 1;
  if (done.status !== 0) failures.push(`${line}: exit code ${done.status ?? done.signal}`);
}

for (const failure of failures) console.error(`FAILED ${failure}`);
console.log(`${ran} examples ran, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
