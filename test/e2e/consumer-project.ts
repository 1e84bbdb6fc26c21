import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCommand } from './run-command';

const ROOT = resolve(__dirname, '../..');

/** The one of the README. */
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    useDefineForClassFields: false,
    isolatedModules: true,
  },
};

/** A folder outside the repository where dspex is installed from its tarball, with a CommonJS and an ES module project. */
export interface ConsumerFolder {
  readonly cjs: string;
  readonly esm: string;
  remove(): void;
}

/** Builds and packs a copy of this checkout (so that its own `dist` stays as it is), and installs the tarball. */
export async function consumerFolder(): Promise<ConsumerFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'dspex-consumer-'));
  try {
    await installed(folder, await packed(join(folder, 'source')));
    return { cjs: project(folder, 'commonjs'), esm: project(folder, 'module'), remove: () => removed(folder) };
  } catch (error) {
    removed(folder);
    throw error;
  }
}

async function packed(copy: string): Promise<string> {
  mkdirSync(copy);
  for (const name of ['.ci', 'package.json', 'tsconfig.json', 'README.md', 'LICENSE', 'src', 'decorators', 'modules']) {
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
  await done('node .ci/build.mjs', copy);
  const said = await done('npm pack --silent --ignore-scripts', copy);
  return join(copy, said.trim().split('\n').at(-1) ?? '');
}

async function installed(folder: string, tarball: string): Promise<void> {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const tools = ['ts-node', 'typescript', 'inversify', '@types/node'].map((name) => `${name}@${devDependencies[name]}`);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  await done(`npm install --prefer-offline --no-audit --no-fund --silent ${tarball} ${tools.join(' ')}`, folder);
}

/** A project that finds the packages in the folder above it. */
function project(folder: string, type: 'commonjs' | 'module'): string {
  const path = join(folder, type);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name: `a-${type}-project`, private: true, type }));
  writeFileSync(join(path, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  return path;
}

async function done(line: string, cwd: string): Promise<string> {
  const { code, stdout, stderr } = await runCommand(line, cwd);
  if (code !== 0) throw new Error(`${line} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

function removed(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
