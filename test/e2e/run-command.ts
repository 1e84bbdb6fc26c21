import { spawn } from 'node:child_process';

/** How a command ended and what it said. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a person's shell would not have, although the run of the tests has it. */
const OURS =
  /^(NODE_OPTIONS|TS_NODE_.*|DSPEX_.*|OPENAI_.*|VITEST.*|NODE_ENV|npm_(package|lifecycle|command|execpath).*|npm_config_(node_options|ignore_scripts|local_prefix))$/;

/** A command that takes longer is ended, with everything it started. */
const LONGEST_MS = 240_000;

/** Runs one line as a person would type it in `cwd`, with a clean environment but for `env`. */
export function runCommand(
  line: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  longestMs = LONGEST_MS,
): Promise<Outcome> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));
  const child = spawn(line, {
    cwd,
    shell: true,
    // A process group of its own, so that ending it ends the shell's children too.
    detached: true,
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), longestMs);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}
