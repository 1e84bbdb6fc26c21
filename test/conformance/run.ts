import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isTextHash } from './pinning/text-hash';
import { type GroupReport, groupReports } from './report';
import { table } from './reporting/table';
import { SUITES } from './suites/index';
import { PINS, vectorsDirectory } from './vectors';

/**
 * `npm run conformance -- [--vectors DIR] [--pins] [--group TEXT] [--diffs N]`: replays recorded vectors, or the
 * repository's pins of them where there are none, and prints a table. Exit code 1 when anything is different.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      vectors: { type: 'string' },
      pins: { type: 'boolean', default: false },
      group: { type: 'string', default: '' },
      diffs: { type: 'string', default: '5' },
    },
  });
  const named = values.pins ? PINS : (values.vectors ?? process.env['DSPEX_VECTORS']);
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`There is no folder of vectors ${named}.`);
    process.env['DSPEX_VECTORS'] = resolve(named);
  }
  const directory = vectorsDirectory();
  if (directory === PINS) console.log('The pins of the repository: prompts are compared by their SHA-256.\n');
  const reports: GroupReport[] = [];
  for (const suite of SUITES) reports.push(...(await groupReports(suite, directory, values.group)));
  console.log(table(reports));
  const replayed = reports.some((report) => report.outOfScope === 0);
  if (!replayed) throw new Error(`There are no vectors to replay in ${directory}.`);
  const different = reports.flatMap((report) => report.different);
  for (const { id, expected, actual } of different.slice(0, Number(values.diffs))) {
    console.log(`\n--- ${id}\nexpected ${shown(expected)}\nactual   ${shown(actual)}`);
  }
  if (different.length > 0) process.exitCode = 1;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isTextHash(value)) return `a text with the SHA-256 ${value.$sha256}`;
  const text =
    JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? `${member}n` : member), 2) ?? 'undefined';
  return text.replaceAll('\\n', '\n    ');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
