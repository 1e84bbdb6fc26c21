import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { htmlPage, svgChart } from '../report/chart';
import { markdownReport } from '../report/markdown';
import { jsonReport, type RunReport } from '../report/run-report';
import { terminalReport } from '../report/terminal';
import type { Row } from '../row';
import { withChecks } from '../row-parts';
import { buildPackage, ROOT } from './built';
import { endChildrenWithThisProcess } from './child';
import { failuresOf, notMet, withRetry } from './gate';
import { Launches } from './launch';
import { thisMachine } from './machine';
import { HELP, type Options, readOptions } from './options';
import { type RowResult, runRow } from './row-run';

const RESULTS = join(ROOT, 'bench');
const CHART = 'results.svg';
const say = (line: string) => console.error(line);

/** Runs the rows that the arguments ask for, tells what was found, and gives the exit code. A mistake in the arguments throws. */
export async function runCommand(args: readonly string[], known: readonly Row[]): Promise<number> {
  const options = readOptions(args, known);
  if (options.help) {
    console.log(`${HELP}\n${known.map(({ id, title }) => `  ${id.padEnd(20)} ${title}`).join('\n')}`);
    return 0;
  }
  endChildrenWithThisProcess();
  if (options.build) buildPackage(say);
  const launches = new Launches(say);
  const machine = thisMachine();
  const started = performance.now();
  const results: RowResult[] = [];
  for (const row of options.rows) {
    const result = await measure(row, options, launches);
    results.push(result);
    console.log(`\n${terminalReport(result)}\n`);
    const seconds = (performance.now() - started) / 1000;
    const command = ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' ');
    // After every row, so that a run that is ended leaves what it has.
    const left = options.rows.slice(results.length).map(({ id }) => id);
    write({ machine, command, seconds, contestants: await launches.versions(), results, left }, options);
  }
  const failures = failuresOf(results, options);
  for (const failure of failures) say(failure);
  return failures.length > 0 ? 1 : 0;
}

async function measure(row: Row, { rounds, gate }: Options, launches: Launches): Promise<RowResult> {
  say(`${row.id} ...`);
  const first = await runRow(row, row.rounds ?? rounds, launches, say);
  const missed = notMet(first).map(({ check }) => check);
  if (!gate || missed.length === 0) return first;
  say(`${row.id}: not met: ${missed.map(({ name }) => name).join('; ')}. Once more, with twice the rounds.`);
  const again = withChecks(row, (check) => missed.includes(check));
  return withRetry(first, await runRow(again, first.rounds * 2, launches, say));
}

function write(report: RunReport, { json, html, full }: Options): void {
  if (json !== undefined) place(json, jsonReport(report));
  const svg = svgChart(report.results);
  if (html !== undefined)
    place(html, htmlPage(svg, `${report.command}, ${report.machine.date}, ${report.machine.cpu}`));
  if (!full) return;
  place(join(RESULTS, CHART), svg);
  place(join(RESULTS, 'RESULTS.md'), markdownReport(report, CHART));
}

function place(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
