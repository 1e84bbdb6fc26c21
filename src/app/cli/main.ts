#!/usr/bin/env node
import { runCommandLine } from './run-command-line';

// A reader that has seen enough (`dspex show a.json | head -1`) closes the pipe: no fault of anybody, and the exit code stays.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

void runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});
