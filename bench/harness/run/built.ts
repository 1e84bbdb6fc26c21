import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** The repository. */
export const ROOT = resolve(__dirname, '../../..');
/** What contestants are started from; ignored by git, and below the package, so that they find it by its name. */
const SCRIPTS = join(ROOT, '.cache/bench');

/** Builds the package, which is what is measured, unless its build is newer than its sources. */
export function buildPackage(say: (line: string) => void): void {
  const { main } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { main: string };
  const built = statSync(join(ROOT, main), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['src', 'decorators', 'modules'].flatMap((folder) => filesBelow(join(ROOT, folder)));
  const newest = Math.max(...[...sources, join(ROOT, 'package.json')].map((file) => statSync(file).mtimeMs));
  if (built >= newest) return;
  say('The sources are newer than dist, which is built anew ...');
  // What is measured needs no declarations: a second instead of twenty. Those of a build that is there stay.
  const args = ['.ci/build.mjs', ...(built > 0 ? ['--code-only'] : [])];
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * Writes the contestants and what they need of the harness as plain JavaScript, so that no process that is measured carries a
 * TypeScript compiler in its heap. Returns the folder.
 */
export function writeScripts(): string {
  const { compilerOptions } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config as {
    compilerOptions: object;
  };
  const { options } = ts.convertCompilerOptionsFromJson({ ...compilerOptions, noEmit: false }, ROOT);
  const from = join(ROOT, 'bench');
  for (const file of [...filesBelow(join(from, 'contestants')), ...filesBelow(join(from, 'harness'))]) {
    if (!file.endsWith('.ts')) continue;
    const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), { fileName: file, compilerOptions: options });
    const to = join(SCRIPTS, relative(from, file).replace(/\.ts$/u, '.js'));
    mkdirSync(dirname(to), { recursive: true });
    // Another run may be reading them: what has not changed is not written again.
    if (!existsSync(to) || readFileSync(to, 'utf8') !== outputText) writeFileSync(to, outputText);
  }
  return SCRIPTS;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
