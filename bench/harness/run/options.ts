import { parseArgs } from 'node:util';
import type { ContestantName, Row } from '../row';
import { steadyPart, withContestants } from '../row-parts';

/** What the command was asked to do. */
export interface Options {
  readonly rows: readonly Row[];
  readonly rounds: number;
  readonly gate: boolean;
  readonly requireAll: boolean;
  readonly build: boolean;
  /** Whether these are all rows with all their contestants: what RESULTS.md is made of. */
  readonly full: boolean;
  readonly help: boolean;
  readonly json?: string;
  readonly html?: string;
}

/** A mistake in the arguments; its message says what there is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const CONTESTANTS: readonly ContestantName[] = ['dspex', 'dspy', 'ax', 'ai-sdk', 'limit'];
const FEWEST_ROUNDS = 7;

export const HELP = `npm run bench -- [ROW ...] [option ...]

Without rows: all of them; with all contestants, bench/RESULTS.md is written anew.

  --rounds N           rounds of each contestant in turns; 9, at least ${FEWEST_ROUNDS}
  --gate               exit code 1 where a check's whole 95 % interval lies past its gate, after one retry with twice the rounds
  --require-all        with --gate: a check that could not be measured fails too
  --steady             only the checks that hold on a noisy machine, and what they need
  --contestants A,B    only these of ${CONTESTANTS.join(', ')}
  --no-build           take dist as it is, although the sources may be newer
  --json FILE          every round of every figure
  --html FILE          the chart on a page
  --help               this, and the rows
`;

/** Reads the arguments of the command. */
export function readOptions(args: readonly string[], known: readonly Row[]): Options {
  const { values, positionals } = parse(args);
  const rounds = Number(values.rounds ?? 9);
  if (!Number.isInteger(rounds) || rounds < FEWEST_ROUNDS) {
    throw new UsageError(`--rounds is '${values.rounds}'; give a whole number of at least ${FEWEST_ROUNDS}.`);
  }
  const unknown = positionals.filter((id) => !known.some((row) => row.id.toLowerCase() === id.toLowerCase()));
  if (unknown.length > 0) {
    throw new UsageError(`There is no row ${unknown.join(', ')}. There are ${known.map(({ id }) => id).join(', ')}.`);
  }
  const wanted = positionals.map((id) => id.toLowerCase());
  const contestants: readonly string[] = values.contestants?.split(',') ?? CONTESTANTS;
  const stranger = contestants.find((name) => !CONTESTANTS.some((contestant) => contestant === name));
  if (stranger !== undefined) {
    throw new UsageError(`There is no contestant '${stranger}'. There are ${CONTESTANTS.join(', ')}.`);
  }
  const chosen = known
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id.toLowerCase()))
    .map((row) => (values.steady ? steadyPart(row) : row))
    .map((row) => withContestants(row, (_case, name) => contestants.includes(name)))
    .filter(({ cases }) => cases.length > 0);
  return {
    rows: chosen,
    rounds,
    gate: values.gate ?? false,
    requireAll: values['require-all'] ?? false,
    build: !values['no-build'],
    full: wanted.length === 0 && !values.steady && values.contestants === undefined,
    help: values.help ?? false,
    ...(values.json === undefined ? {} : { json: values.json }),
    ...(values.html === undefined ? {} : { html: values.html }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        gate: { type: 'boolean' },
        'require-all': { type: 'boolean' },
        steady: { type: 'boolean' },
        contestants: { type: 'string' },
        'no-build': { type: 'boolean' },
        json: { type: 'string' },
        html: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${HELP}`);
  }
}
