import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './built';

/** The command that starts Python. */
export const PYTHON = process.platform === 'win32' ? 'python' : 'python3';
/** Shared with test/e2e/python: what one has installed, the other finds. */
const CACHE = process.env['DSPEX_PYTHON_CACHE'] ?? join(ROOT, '.cache/python');
const LONGEST_INSTALL_MS = 15 * 60_000;

const run = promisify(execFile);

/** What DSPy keeps between its runs. */
export const DSPY_CACHE = join(CACHE, 'dspy-cache');

/** A Python that has DSPy. */
export interface PythonWithDspy {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  /** `DSPy 3.4.1, Python 3.12` */
  readonly version: string;
}

/** The newest DSPy that pip serves, installed once into the cache; the newest one there, where pip serves none. Or why there is none. */
export async function pythonWithDspy(say: (line: string) => void): Promise<PythonWithDspy | string> {
  const python = await pythonVersion();
  if (python === undefined) return `there is no ${PYTHON} on this machine`;
  const version = (await newestServed()) ?? newestCached(python);
  if (version === undefined) return 'pip serves no dspy, and none is in the cache';
  const found = await dspyFolder(version, python, say);
  if ('problem' in found) return found.problem;
  return {
    command: PYTHON,
    env: { PYTHONPATH: found.folder, DSPY_CACHEDIR: DSPY_CACHE },
    version: `DSPy ${version}, Python ${python}`,
  };
}

/** `3.12`, or nothing where there is no Python. */
export async function pythonVersion(): Promise<string | undefined> {
  try {
    return (await run(PYTHON, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'])).stdout.trim();
  } catch {
    return undefined;
  }
}

/** The folder with this version of DSPy for this Python, installed by pip where it is not there yet; or why it cannot be. */
export async function dspyFolder(
  version: string,
  python: string,
  say: (line: string) => void = () => undefined,
): Promise<{ readonly folder: string } | { readonly problem: string }> {
  const folder = join(CACHE, `dspy-${version}-python-${python}`);
  if (existsSync(folder)) return { folder };
  say(`pip install dspy==${version} into the cache ...`);
  const problem = await install(folder, version);
  return problem === undefined ? { folder } : { problem };
}

async function newestServed(): Promise<string | undefined> {
  try {
    // Without a network that is an answer too, and soon.
    const flags = ['--disable-pip-version-check', '--retries', '1', '--timeout', '10'];
    const { stdout } = await run(PYTHON, ['-m', 'pip', 'index', 'versions', 'dspy', ...flags]);
    return /^dspy \(([^)]+)\)/u.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

function newestCached(python: string): string | undefined {
  if (!existsSync(CACHE)) return undefined;
  const named = readdirSync(CACHE).map((name) => /^dspy-([\d.]+)-python-([\d.]+)$/u.exec(name));
  const versions = named.filter((found) => found?.[2] === python).map((found) => found?.[1] as string);
  return versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
}

/** Installs beside the folder and renames, so that a run that was ended half-way leaves nothing that looks whole. */
async function install(folder: string, version: string): Promise<string | undefined> {
  const half = `${folder}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  try {
    const flags = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-warn-conflicts'];
    const args = ['-m', 'pip', 'install', ...flags, '--target', half, `dspy==${version}`];
    await run(PYTHON, args, { timeout: LONGEST_INSTALL_MS });
    if (!existsSync(folder)) renameSync(half, folder);
    return undefined;
  } catch (error) {
    return `pip could not install dspy==${version}: ${String((error as { stderr?: string }).stderr ?? error)
      .trim()
      .slice(-400)}`;
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}
