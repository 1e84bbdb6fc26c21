// npm run bench: contestants side by side, in turns, in one run. See README.md.
import { runCommand } from './harness/run/command';
import { UsageError } from './harness/run/options';
import { ROWS } from './rows';

runCommand(process.argv.slice(2), ROWS).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = 2;
  },
);
