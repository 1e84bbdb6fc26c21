import { expect, test } from 'vitest';
import { leakGate } from './leak-gate';

/** What a row saw; the matrix prints it. */
export interface RowOutcome {
  /** One line in a reader's words: what was done to the client, and what it did. */
  readonly happened: string;
  /** Requests that the server saw, or a short text such as `1 per 1,000 callers`. */
  readonly attempts?: number | string;
}

export interface FaultRow extends RowOutcome {
  readonly row: number;
  readonly title: string;
  /** When the leak gate found nothing left, in milliseconds after the row. */
  readonly settledMs?: number;
}

declare module 'vitest' {
  interface TaskMeta {
    faultRow?: FaultRow;
  }
}

/** Closed after the row, last first, before the leak gate looks. */
export interface RowContext {
  use<T extends { close(): unknown }>(thing: T): T;
  /** Runs at the end of the row. */
  after(cleanUp: () => unknown): void;
  /** After the row nothing may listen to this signal. */
  watchSignal<S extends AbortSignal>(signal: S): S;
}

/**
 * One promise of a row of the fault matrix, as a test: it checks with `expect`, and returns what happened. Everything it opened with `use`
 * is closed, and 100 ms later nothing may be left that was not there before. A row may have several of these, each with a title of its own.
 */
export function faultRow(row: number, title: string, check: (context: RowContext) => Promise<RowOutcome>): void {
  test(`row ${row}: ${title}`, async ({ task }) => {
    const leaks = leakGate();
    const cleanUps: (() => unknown)[] = [];
    let left: readonly string[] = [];
    // Stands in the matrix when the check does not come to its end.
    task.meta.faultRow = { row, title, happened: 'the check failed' };
    const context: RowContext = {
      use: (thing) => {
        cleanUps.push(() => thing.close());
        return thing;
      },
      after: (cleanUp) => void cleanUps.push(cleanUp),
      watchSignal: (signal) => {
        leaks.watch(signal);
        return signal;
      },
    };
    try {
      task.meta.faultRow = { row, title, ...(await check(context)) };
    } finally {
      for (const cleanUp of cleanUps.reverse()) await cleanUp();
      left = await leaks.check();
      task.meta.faultRow = { ...task.meta.faultRow, settledMs: leaks.lookedAfterMs };
    }
    expect(left, 'left open 100 ms after the row').toEqual([]);
  });
}
