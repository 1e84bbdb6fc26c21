import { getEventListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { watchTimers } from './timers';

/** A resource may still be open this long after a row, in milliseconds. */
const SETTLED_MS = 100;
/**
 * More looks on a busy machine: the system closes sockets and threads on its own time, and 100 ms of a process that gets half a core are
 * not 100 ms of work. What is really kept, a socket in a pool or a timer of some seconds, is still there after them.
 */
const GRACE_LOOKS = 9;

/** Says what a piece of work left open. */
export interface LeakGate {
  /** Nothing may listen to this signal any more. */
  watch(signal: AbortSignal): void;
  /** What is open in addition to before, some time from now; empty when nothing is. To be called once. */
  check(): Promise<readonly string[]>;
  /** How many milliseconds after `check` was called it looked last: 100, or more where the machine was busy. */
  readonly lookedAfterMs: number;
}

/** Of vitest's own work with its files and pipes, none of which can come of a client; timers are watched on their own. */
const IGNORED: ReadonlySet<string> = new Set([
  ...['TTYWrap', 'PipeWrap', 'FSReqCallback', 'FSReqPromise', 'CloseReq', 'Immediate', 'Timeout', 'MessagePort'],
]);

/** What of the process must not grow by a test, by kind: sockets, servers, look-ups, child processes. */
function census(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const resource of process.getActiveResourcesInfo()) {
    if (!IGNORED.has(resource)) counts.set(resource, (counts.get(resource) ?? 0) + 1);
  }
  return counts;
}

/** Remembers what is open now; `check` says what is open in addition 100 ms after it was called. */
export function leakGate(): LeakGate {
  const before = census();
  const timers = watchTimers();
  const watched: AbortSignal[] = [];
  const threads = new Set<Worker>();
  let lookedAfterMs = 0;
  const onWorker = (worker: Worker) => {
    threads.add(worker);
    worker.once('exit', () => threads.delete(worker));
  };
  process.on('worker', onWorker);
  const leaks = () => [
    ...[...census()].flatMap(([kind, count]) => {
      const more = count - (before.get(kind) ?? 0);
      return more > 0 ? [`${more} ${kind}`] : [];
    }),
    ...told(timers.pending(), 'timer'),
    ...told(threads.size, 'thread'),
    ...watched.flatMap((signal) => told(getEventListeners(signal, 'abort').length, 'abort listener')),
  ];
  return {
    get lookedAfterMs() {
      return lookedAfterMs;
    },
    watch: (signal) => void watched.push(signal),
    check: async () => {
      await wait(SETTLED_MS);
      lookedAfterMs = SETTLED_MS;
      let found = leaks();
      for (let look = 0; look < GRACE_LOOKS && found.length > 0; look += 1) {
        await wait(SETTLED_MS);
        lookedAfterMs += SETTLED_MS;
        found = leaks();
      }
      timers.stop();
      process.off('worker', onWorker);
      return found;
    },
  };
}

function told(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`];
}
