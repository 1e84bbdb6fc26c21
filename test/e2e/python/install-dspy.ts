import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Outcome, runCommand } from '../run-command';

/** The release whose behaviour dspex follows. */
export const DSPY_VERSION = '3.4.1';

const PYTHON = process.platform === 'win32' ? 'python' : 'python3';
const CACHE = process.env['DSPEX_PYTHON_CACHE'] ?? resolve(__dirname, '../../../.cache/python');
const LONGEST_INSTALL_MS = 15 * 60_000;

/** Runs one line with the Python that has DSPy. */
export type RunPython = (line: string) => Promise<Outcome>;

/**
 * A Python with DSPy in a folder of its own, installed by pip on first use into `DSPEX_PYTHON_CACHE` or `.cache/python`;
 * or a sentence that says why there is none.
 */
export async function installDspy(): Promise<RunPython | string> {
  const found = await runCommand(`${PYTHON} -c "import sys; print('%d.%d' % sys.version_info[:2])"`, __dirname);
  if (found.code !== 0) return `there is no ${PYTHON} on this machine`;
  const folder = join(CACHE, `dspy-${DSPY_VERSION}-python-${found.stdout.trim()}`);
  if (!existsSync(folder)) {
    const problem = await install(folder);
    if (problem !== undefined) return problem;
  }
  return (line) =>
    runCommand(`${PYTHON} ${line}`, __dirname, { PYTHONPATH: folder, DSPY_CACHEDIR: join(CACHE, 'dspy-cache') });
}

/** Installs beside the folder and renames, so that a run that was ended half-way leaves nothing that looks whole. */
async function install(folder: string): Promise<string | undefined> {
  const half = `${folder}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  try {
    const flags = '--quiet --disable-pip-version-check --no-input --no-warn-conflicts';
    const line = `${PYTHON} -m pip install ${flags} --target "${half}" dspy==${DSPY_VERSION}`;
    const { code, stderr } = await runCommand(line, __dirname, {}, LONGEST_INSTALL_MS);
    if (code !== 0) return `pip could not install dspy==${DSPY_VERSION}: ${stderr.trim().slice(-400)}`;
    if (!existsSync(folder)) renameSync(half, folder);
    return undefined;
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}
