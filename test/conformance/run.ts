import { parseArgs } from 'node:util';
import { type GroupReport, groupReports } from './report';
import { SUITES } from './suites/index';
import { vectorsDirectory } from './vectors';

/** `npm run conformance -- [--vectors DIR] [--group TEXT] [--diffs N] [--if-present]`: replays the recorded vectors and prints a table. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      vectors: { type: 'string' },
      group: { type: 'string', default: '' },
      diffs: { type: 'string', default: '5' },
      'if-present': { type: 'boolean', default: false },
    },
  });
  if (values.vectors !== undefined) process.env['DSPEX_VECTORS'] = values.vectors;
  const directory = vectorsDirectory();
  if (directory === undefined) {
    console.error('There are no vectors: give their folder by --vectors DIR or DSPEX_VECTORS.');
    process.exitCode = values['if-present'] ? 0 : 1;
    return;
  }
  const reports: GroupReport[] = [];
  for (const suite of SUITES) reports.push(...(await groupReports(suite, directory, values.group)));
  printTable(reports);
  const different = reports.flatMap((report) => report.different);
  for (const { id, expected, actual } of different.slice(0, Number(values.diffs))) {
    console.log(`\n--- ${id}\nexpected ${shown(expected)}\nactual   ${shown(actual)}`);
  }
  if (different.length > 0) process.exitCode = 1;
}

function printTable(reports: readonly GroupReport[]): void {
  const width = Math.max(...reports.map((report) => report.file.length + report.group.length + 1), 5);
  console.log(`${'group'.padEnd(width)}  equal  by design  not applicable  different`);
  const total = { equal: 0, deviations: 0, exempt: 0, different: 0, outOfScope: 0 };
  for (const report of reports) {
    const deviations = [...report.deviations.values()].reduce((sum, count) => sum + count, 0);
    const exempt = [...report.notApplicable.values()].reduce((sum, count) => sum + count, 0);
    total.outOfScope += report.outOfScope;
    if (report.outOfScope > 0) continue;
    total.equal += report.equal;
    total.deviations += deviations;
    total.exempt += exempt;
    total.different += report.different.length;
    const reasons = [
      ...[...report.deviations].map(([id, count]) => `${id}: ${count}`),
      ...[...report.notApplicable].map(([reason, count]) => `${reason}: ${count}`),
    ];
    const numbers = [
      column(report.equal, 5),
      column(deviations, 9),
      column(exempt, 14),
      column(report.different.length, 9),
    ];
    console.log(`${`${report.file} ${report.group}`.padEnd(width)}  ${numbers.join('  ')}  ${reasons.join('; ')}`);
  }
  console.log(
    `\n${total.equal} equal, ${total.deviations} different by design, ${total.exempt} not applicable, ` +
      `${total.different} different, ${total.outOfScope} in groups of no suite yet`,
  );
}

function column(value: number, width: number): string {
  return String(value).padStart(width);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  const text =
    JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? `${member}n` : member), 2) ?? 'undefined';
  return text.replaceAll('\\n', '\n    ');
}

void main();
