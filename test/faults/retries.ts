import { channel } from 'node:diagnostics_channel';

/** One retry, as telemetry tells it. */
interface ToldRetry {
  readonly attempt: number;
  readonly waitMs: number;
}

/** Collects the retries that are told from now until the row ends. */
export function retriesOf(after: (cleanUp: () => unknown) => void): readonly ToldRetry[] {
  const told: ToldRetry[] = [];
  const listener = (event: unknown) => void told.push(event as ToldRetry);
  channel('dspex:retry').subscribe(listener);
  after(() => channel('dspex:retry').unsubscribe(listener));
  return told;
}
