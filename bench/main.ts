// npm run bench: contestants side by side, in turns, in one run. See README.md.

import { terminalReport } from './harness/report/terminal';
import { buildPackage } from './harness/run/built';
import { Launches } from './harness/run/launch';
import { HELP, readOptions, UsageError } from './harness/run/options';
import { type RowResult, runRow } from './harness/run/row-run';
import { ROWS } from './rows';

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), ROWS);
  if (options.help) {
    console.log(`${HELP}\n${ROWS.map(({ id, title }) => `  ${id.padEnd(20)} ${title}`).join('\n')}`);
    return 0;
  }
  const say = (line: string) => console.error(line);
  if (options.build) buildPackage(say);
  const launches = new Launches(say);
  const results: RowResult[] = [];
  for (const row of options.rows) {
    say(`${row.id} ...`);
    const result = await runRow(row, row.rounds ?? options.rounds, launches, say);
    results.push(result);
    console.log(`\n${terminalReport(result)}\n`);
  }
  const failed = results.some(({ missing }) => missing.some((missed) => missed.failed));
  return failed ? 1 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = 2;
  },
);
