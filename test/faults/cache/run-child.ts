import { spawn } from 'node:child_process';

/** How a child process ended, and what it said. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

/** Runs a compiled script to its end. `limit` bounds the size of any file it writes, in blocks of 1 KiB. */
export function runChild(path: string, args: readonly string[], limit?: number): Promise<ChildEnd> {
  const child =
    limit === undefined
      ? spawn(process.execPath, [path, ...args])
      : spawn('bash', ['-c', `ulimit -f ${limit}; exec "$@"`, 'bash', process.execPath, path, ...args]);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, lines: output.trimEnd().split('\n'), errors }));
  });
}
