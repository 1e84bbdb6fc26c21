// Builds the package into `dist/`: JavaScript by rolldown (decision 11), declarations by tsc.
//   node .ci/build.mjs               all of it
//   node .ci/build.mjs --code-only   the JavaScript alone, in a second: for benches and for looking at what a change does to it
//   node .ci/build.mjs --out FOLDER  somewhere else than dist/
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './build/bundle.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({
  options: { 'code-only': { type: 'boolean', default: false }, out: { type: 'string', default: 'dist' } },
});

/** Declarations, one for each source, and their maps; ends with tsc's exit code. */
function declarations(out) {
  const tsc = resolve(ROOT, 'node_modules/typescript/bin/tsc');
  const child = spawn(process.execPath, [tsc, '-p', 'src/tsconfig.build.json', '--outDir', out], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return new Promise((done, fail) => child.once('error', fail).once('close', done));
}

// Made beside it and moved in its place, so that who runs the package meanwhile finds the old one or the new one, whole.
const out = resolve(options.out);
const fresh = resolve(dirname(out), `.dist-${process.pid}`);
const old = `${fresh}-old`;
try {
  const manifest = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
  if (options['code-only'] && existsSync(out))
    cpSync(out, fresh, { recursive: true, force: true, filter: (path) => !/\.js(\.map)?$/.test(path) });
  const [code] = await Promise.all([options['code-only'] ? 0 : declarations(fresh), bundle(ROOT, manifest, fresh)]);
  if (code !== 0) process.exitCode = 1;
  else {
    if (existsSync(out)) renameSync(out, old);
    renameSync(fresh, out);
  }
} finally {
  for (const left of [fresh, old]) rmSync(left, { recursive: true, force: true });
}
