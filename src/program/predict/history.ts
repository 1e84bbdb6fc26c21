import type { LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { currentModules } from '../../core/settings/frame';
import { resolveSetting } from '../../core/settings/resolve';
import { wallClockMs } from '../../core/util/clock';

/** One answered request. */
export interface HistoryEntry {
  /** When the answer came. */
  readonly at: Date;
  readonly request: LMRequest;
  readonly response: LMResponse;
}

const everything: HistoryEntry[] = [];
const ofModule = new WeakMap<object, HistoryEntry[]>();

/** Remembers an answer for the process and for each module being called, bounded by `historyLimit`. */
export function recordHistory(request: LMRequest, response: LMResponse): void {
  const limit = resolveSetting('historyLimit').value ?? 0;
  if (limit === 0) return;
  const entry: HistoryEntry = { at: new Date(wallClockMs()), request, response };
  add(everything, entry, limit);
  for (const module of new Set(currentModules())) {
    const own = ofModule.get(module) ?? [];
    ofModule.set(module, own);
    add(own, entry, limit);
  }
}

/** The last `n` answers of the process, or of one module, oldest first. */
export function historyOf(module: object | undefined, n: number): readonly HistoryEntry[] {
  const entries = module === undefined ? everything : (ofModule.get(module) ?? []);
  return n <= 0 ? [] : entries.slice(-n);
}

/** Forgets the history of the process; modules keep theirs. */
export function clearHistory(): void {
  everything.length = 0;
}

/** Trims only when a quarter too long, so that a full history does not move on every call. */
function add(entries: HistoryEntry[], entry: HistoryEntry, limit: number): void {
  entries.push(entry);
  if (entries.length > limit * 1.25 || entries.length > limit + 1000) entries.splice(0, entries.length - limit);
}
