import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures, Params } from '../harness/workload';

/**
 * A round in a process of its own, for figures of a process as a whole: memory that one round has taken is there for the next one, which
 * then seems to need none. `file` answers by `answerFreshly`; `flags` are of Node.
 */
export function inFreshProcess(file: string, params: Params, flags: readonly string[] = []): Promise<Figures> {
  const child = fork(file, [JSON.stringify(params)], {
    execArgv: ['--expose-gc', ...flags],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (figures) => resolve(figures as Figures));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The process of a round ended with code ${code}.`)));
  });
}

/** The other side: measures once and ends. */
export function answerFreshly(measure: (params: Params) => Promise<Figures>): void {
  measure(JSON.parse(process.argv[2] ?? '{}') as Params).then(
    (figures) => process.send?.(figures, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

/** Bytes of memory that the process holds, once garbage is gone. */
export async function settledRss(): Promise<number> {
  for (let times = 0; times < 3; times += 1) {
    globalThis.gc?.();
    await sleep(20);
  }
  return process.memoryUsage.rss();
}
