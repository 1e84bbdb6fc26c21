import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const SAMPLE_MS = 200;
/** A small model gains nothing from more. */
const MOST_THREADS = 8;

/**
 * Threads to compute with: the cores that are idle right now, at least 1. The threads of llama.cpp wait for each other by
 * spinning, so one thread more than there are idle cores can make it a hundred times slower. The number changes no answer.
 */
export async function idleCores(): Promise<number> {
  const before = cpuTimes();
  await sleep(SAMPLE_MS);
  const after = cpuTimes();
  const total = after.total - before.total;
  // Systems that tell nothing about their processors count as idle.
  const idleShare = total > 0 ? (after.idle - before.idle) / total : 1;
  const idle = Math.round(idleShare * Math.max(1, cpus().length));
  return Math.max(1, Math.min(idle, availableParallelism(), MOST_THREADS));
}

function cpuTimes(): { idle: number; total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}
