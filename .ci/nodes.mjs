// Runs `npm test` on other Nodes than the one at hand: `node .ci/nodes.mjs 22 24`.
// Each Node comes as the npm package `node` into .cache/node-NN, the one place where install scripts may run
// (they unpack the binary that the package brings). Ends with `N passed, N failed`, the sum over the Nodes.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const versions = process.argv.slice(2);
if (versions.length === 0) throw new Error('Say which Nodes to test on, for example: node .ci/nodes.mjs 22 24');

/** The folder that holds `node`, for the head of PATH. */
function installNode(version) {
  const home = resolve('.cache', `node-${version}`);
  const bin = join(home, 'node_modules', 'node', 'bin');
  if (existsSync(join(bin, 'node'))) return bin;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(home, '.npmrc'), 'ignore-scripts=false\nfund=false\naudit=false\n');
  const done = spawnSync('npm', ['install', '--no-save', `node@${version}`], {
    cwd: home,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, npm_config_ignore_scripts: 'false', NODE_OPTIONS: '' },
  });
  if (done.status !== 0 || !existsSync(join(bin, 'node')))
    throw new Error(`node@${version} could not be installed in ${home}`);
  return bin;
}

/** Runs the tests with `node` from `bin`, passing the output on; gives the numbers of its last line. */
function runTests(bin) {
  return new Promise((done) => {
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    const node = join(bin, 'node');
    const vitest = join('node_modules', 'vitest', 'vitest.mjs');
    const args = ['--conditions=source', vitest, 'run', '--config', 'test/vitest.config.mts', '--typecheck'];
    const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      output = (output + chunk).slice(-4096);
    });
    child.on('close', (code) => {
      const line = /^(\d+) passed, (\d+) failed$/.exec(output.trimEnd().split('\n').at(-1) ?? '');
      const passed = Number(line?.[1] ?? 0);
      const failed = Number(line?.[2] ?? 0);
      // A run that ends badly has at least one failure, whatever its last line says.
      done({ passed, failed: failed === 0 && (code !== 0 || line === null) ? 1 : failed });
    });
  });
}

const rows = [];
for (const version of versions) {
  const bin = installNode(version);
  const name = spawnSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\n== Node ${name}`);
  rows.push({ name, ...(await runTests(bin)) });
}
console.log('');
for (const { name, passed, failed } of rows) console.log(`Node ${name}: ${passed} passed, ${failed} failed`);
const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
