// Checks the package as others will get it: publint, attw, and every entry point by `import` and by `require`.
// Both ways must give the same class objects, or every `instanceof` and every registry would split in two.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// The built files are what is checked here: forget the `source` condition that npm scripts run with.
if (process.env.NODE_OPTIONS?.includes('--conditions')) {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const again = spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env });
  process.exit(again.status ?? 1);
}

const require = createRequire(import.meta.url);
const failures = [];

for (const command of ['publint --strict', 'attw --pack . --profile node16 --exclude-entrypoints register']) {
  console.log(`> ${command}`);
  const done = spawnSync('npx', ['--no', '--', ...command.split(' ')], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0) failures.push(`${command}: exit code ${done.status}`);
}

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
