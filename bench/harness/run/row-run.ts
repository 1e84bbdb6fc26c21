import { isDeepStrictEqual } from 'node:util';
import type { Case, ContestantName, Measured, Row } from '../row';
import { type Estimate, medianOf, type Rounds } from '../statistics';
import { type Judged, judge } from '../verdict';
import { ROOT } from './built';
import { Contestant } from './contestant';
import type { Launches } from './launch';
import { Mock } from './mock';

/** One figure of a contestant in a case. */
export interface Measurement extends Measured {
  readonly rounds: Rounds;
  readonly median: Estimate;
}

/** What could not be measured, and why. */
export interface Missing {
  readonly contestant: ContestantName | 'mock';
  /** Absent where the contestant is not there at all. */
  readonly case?: string;
  readonly why: string;
  /** It should have worked: a workload threw, a process ended. A contestant that cannot be had on this machine is no failure. */
  readonly failed: boolean;
}

/** A row as measured. */
export interface RowResult {
  readonly row: Row;
  readonly rounds: number;
  readonly measurements: readonly Measurement[];
  readonly checks: readonly Judged[];
  readonly missing: readonly Missing[];
  readonly seconds: number;
  /** Processor time of the mock for a request, and so its bound. */
  readonly mock?: { readonly cpuUs: number; readonly perSecond: number };
  /** Checks that were not met at first and were measured once more, with more rounds. */
  readonly retried?: readonly string[];
}

interface Open {
  readonly case: Case;
  readonly contestant: ContestantName;
  readonly process: Contestant;
  readonly id: number;
  readonly outputs: unknown;
  readonly figures: Map<string, number[]>;
}

/** How contestants and the mock are started. */
export type Starts = Pick<Launches, 'of' | 'script'>;

/** Measures one row: fresh processes, outputs compared, then rounds in turns: A B C A B C. */
export async function runRow(
  row: Row,
  rounds: number,
  launches: Starts,
  say: (line: string) => void,
): Promise<RowResult> {
  const started = performance.now();
  const running = new RowRun(row, launches);
  try {
    await running.open();
    say(`  open after ${((performance.now() - started) / 1000).toFixed(1)} s; ${rounds} rounds`);
    const before = await running.mock?.count();
    for (let round = 0; round < rounds; round += 1) await running.round();
    const after = await running.mock?.count();
    const requests = (after?.requests ?? 0) - (before?.requests ?? 0);
    const cpuUs = ((after?.cpuUs ?? 0) - (before?.cpuUs ?? 0)) / requests;
    const mock = requests > 0 ? { mock: { cpuUs, perSecond: 1e6 / cpuUs } } : {};
    return { ...running.result(rounds), seconds: (performance.now() - started) / 1000, ...mock };
  } catch (error) {
    // Other rows may do better; the run fails at its end.
    running.abandon(error);
    return { ...running.result(rounds), seconds: (performance.now() - started) / 1000 };
  } finally {
    await running.end(say);
  }
}

class RowRun {
  mock: Mock | undefined;
  readonly #processes = new Map<ContestantName, Contestant>();
  readonly #missing: Missing[] = [];
  readonly #opened: Open[] = [];
  /** Those of them that still take turns. */
  #open: Open[] = [];

  constructor(
    private readonly row: Row,
    private readonly launches: Starts,
  ) {}

  async open(): Promise<void> {
    if (this.row.mock !== undefined) this.mock = await Mock.start(this.launches, this.row.mock.latencyMs);
    const names = new Set(this.row.cases.flatMap(({ contestants }) => contestants));
    for (const name of names) {
      const known = await this.launches.of(name);
      if (typeof known === 'string') this.#missing.push({ contestant: name, why: known, failed: false });
      else this.#processes.set(name, new Contestant(name, known));
    }
    for (const done of this.row.cases) {
      for (const contestant of done.contestants) await this.#openOne(done, contestant);
      this.#compare(done);
    }
  }

  async round(): Promise<void> {
    for (const turn of [...this.#open]) {
      try {
        const figures = await turn.process.round(turn.id);
        for (const [name, figure] of Object.entries(figures)) {
          const rounds = turn.figures.get(name) ?? [];
          rounds.push(figure);
          turn.figures.set(name, rounds);
        }
      } catch (error) {
        this.#fail(turn.case, turn.contestant, error);
      }
    }
  }

  result(rounds: number): Omit<RowResult, 'seconds'> {
    const measurements = this.#open.flatMap(({ case: { name }, contestant, figures }) =>
      [...figures].map(([figure, values]) => ({
        case: name,
        contestant,
        figure,
        rounds: values,
        median: medianOf(values),
      })),
    );
    const roundsOf = (asked: Measured) =>
      measurements.find((found) => sameQuantity(found, asked))?.rounds ?? this.#whyNot(asked);
    const parameterOf = (name: string, parameter: string) =>
      Number(this.row.cases.find((found) => found.name === name)?.params?.[parameter]);
    const checks = this.row.checks.map((check) => judge(check, roundsOf, parameterOf));
    return { row: this.row, rounds, measurements, checks, missing: this.#missing };
  }

  /** The mock server failed, so nothing of the row means anything. */
  abandon(error: unknown): void {
    this.#missing.push({
      contestant: 'mock',
      why: error instanceof Error ? error.message : String(error),
      failed: true,
    });
    this.#open = [];
  }

  /** Lets go of what the workloads hold, then ends every process: nothing of a row is left when the next begins. */
  async end(say: (line: string) => void): Promise<void> {
    await Promise.all(
      this.#opened.map(({ process, id }) => process.close(id).catch((error: Error) => say(`  ${error.message}`))),
    );
    await Promise.all([...this.#processes.values()].map((process) => process.end()));
    await this.mock?.end();
  }

  async #openOne(done: Case, contestant: ContestantName): Promise<void> {
    const process = this.#processes.get(contestant);
    if (process === undefined) return;
    const params = { ...done.params, ...(this.mock === undefined ? {} : { mockUrl: this.mock.url }) };
    try {
      const { id, outputs } = await process.open(done.workload, params);
      const open = { case: done, contestant, process, id, outputs, figures: new Map<string, number[]>() };
      this.#opened.push(open);
      this.#open.push(open);
    } catch (error) {
      this.#fail(done, contestant, error);
    }
  }

  /** Figures of different work are no comparison: whoever brings something else than the first is not timed. */
  #compare(done: Case): void {
    const [first, ...others] = this.#open.filter((open) => open.case === done && open.outputs !== undefined);
    for (const other of others) {
      if (isDeepStrictEqual(first?.outputs, other.outputs)) continue;
      const [ours, theirs] = [JSON.stringify(first?.outputs), JSON.stringify(other.outputs)];
      const at = [...ours].findIndex((letter, index) => letter !== theirs[index]);
      const about = (text: string) => text.slice(Math.max(0, at - 40), at + 80);
      this.#fail(
        done,
        other.contestant,
        `brings other outputs than ${first?.contestant}: ...${about(theirs)}... for ...${about(ours)}...`,
      );
    }
  }

  #fail(done: Case, contestant: ContestantName, error: unknown): void {
    // Reasons go into the page of results, which names no folder of this machine.
    const why = (error instanceof Error ? error.message : String(error)).replaceAll(ROOT, '.');
    this.#missing.push({ contestant, case: done.name, why, failed: true });
    this.#open = this.#open.filter((open) => open.case !== done || open.contestant !== contestant);
  }

  #whyNot({ case: name, contestant, figure }: Measured): string {
    const missing = this.#missing.find(
      (found) =>
        found.contestant === 'mock' ||
        (found.contestant === contestant && (found.case === undefined || found.case === name)),
    );
    return missing === undefined
      ? `${contestant} gives no figure '${figure}' in '${name}'`
      : `${missing.contestant}: ${missing.why.split('\n')[0]}`;
  }
}

function sameQuantity(a: Measured, b: Measured): boolean {
  return a.case === b.case && a.contestant === b.contestant && a.figure === b.figure;
}
