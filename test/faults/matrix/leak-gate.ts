import { setTimeout as wait } from 'node:timers/promises';

/** What of the process must not grow by a test. */
function census(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const resource of process.getActiveResourcesInfo()) counts[resource] = (counts[resource] ?? 0) + 1;
  return counts;
}

const IGNORED = new Set(['TTYWrap', 'PipeWrap', 'FSReqCallback', 'CloseReq', 'Immediate']);

/** Remembers what is open now; the returned function says what is open in addition 100 ms after it was called, or nothing. */
export function leakGate(): () => Promise<readonly string[]> {
  const before = census();
  return async () => {
    await wait(100);
    const after = census();
    return Object.entries(after).flatMap(([kind, count]) => {
      const more = count - (before[kind] ?? 0);
      return more > 0 && !IGNORED.has(kind) ? [`${more} ${kind}`] : [];
    });
  };
}
