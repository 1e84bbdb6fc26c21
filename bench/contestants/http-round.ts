import type { Workload } from '../harness/workload';

/** A way to answer questions over HTTP. */
export interface Asking {
  /** Questions of a round. */
  readonly rows: number;
  /** Makes what it is asked with; what that gives answers so many questions, the first of them with this number, and alone is timed. */
  readonly ask: (from: number, count: number) => () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** After so many the compiler has seen what there is: rounds of few would otherwise measure it as much as the contestant. */
const WARM_UP_ROWS = 2000;
/** A contestant that waited for its turn comes back to caches and connections that are cold: these rows are not timed. */
const WARM_UP_BEFORE_A_ROUND = 640;

/**
 * A workload that answers `rows` questions a round, numbered ever upward so that no prompt comes twice: requests a second, and
 * microseconds of processor time of this process for each. Rounds are done before, to open connections and compile.
 */
export async function roundOf({ rows, ask, close }: Asking): Promise<Workload> {
  let next = 0;
  const asking = (count: number) => {
    const from = next;
    next += count;
    return ask(from, count);
  };
  const round = async () => {
    const run = asking(rows);
    const before = process.cpuUsage();
    const started = performance.now();
    const answers = await run();
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    if (answers.length !== rows) throw new Error(`There are ${answers.length} answers to ${rows} questions.`);
    return { perSecond: rows / seconds, cpuUs: (user + system) / rows };
  };
  const outputs = await ask(0, rows)();
  next = rows;
  for (let warm = 0; warm < WARM_UP_ROWS; warm += rows) await round();
  const warmRound = async () => {
    await asking(Math.min(rows, WARM_UP_BEFORE_A_ROUND))();
    return round();
  };
  return { outputs: () => outputs, round: warmRound, close, collectsFirst: false };
}
