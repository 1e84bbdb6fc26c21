import type { LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import type { Message } from '../../core/primitives/message';
import { sharedPrefixOf } from '../../core/primitives/shared-prefix';
import { currentFrame, type ModuleCall } from '../../core/settings/frame';
import { settingIn } from '../../core/settings/resolve';
import { wallClockMs } from '../../core/util/clock';
import { approximateBytes } from '../../lm/cache/approximate-bytes';

/** One answered request. A call that failed leaves none: its error tells what there is to know. */
export interface HistoryEntry {
  /** When the answer came. */
  readonly at: Date;
  readonly request: LMRequest;
  readonly response: LMResponse;
}

interface Kept {
  readonly atMs: number;
  readonly request: LMRequest;
  readonly response: LMResponse;
  readonly bytes: number;
}

/** Entries in order, the oldest of them going when there are too many or they are too large. */
class Entries {
  private kept: (Kept | undefined)[] = [];
  private first = 0;
  private bytes = 0;

  add(kept: Kept, most: number, mostBytes: number): void {
    this.kept.push(kept);
    this.bytes += kept.bytes;
    while (this.kept.length - this.first > most || this.bytes > mostBytes) {
      this.bytes -= this.kept[this.first]?.bytes ?? 0;
      this.kept[this.first] = undefined;
      this.first += 1;
    }
    // A full history must not move on every call.
    if (this.first > 1000 && this.first * 2 > this.kept.length) {
      this.kept = this.kept.slice(this.first);
      this.first = 0;
    }
  }

  last(n: number): readonly HistoryEntry[] {
    const from = Math.max(this.first, this.kept.length - n);
    return this.kept.slice(from).flatMap((kept) => {
      if (kept === undefined) return [];
      const { atMs, request, response } = kept;
      return [{ at: new Date(atMs), request, response }];
    });
  }

  clear(): void {
    this.kept = [];
    this.first = 0;
    this.bytes = 0;
  }
}

const everything = new Entries();
const ofModule = new WeakMap<object, Entries>();

/**
 * Remembers an answer for the process and for each module being called, bounded by `historyLimit` and `historyBytes`. The bytes are
 * estimated, and texts that several requests share count in each: the history is never larger than it says.
 */
export function recordHistory(request: LMRequest, response: LMResponse): void {
  const frame = currentFrame();
  const limit = settingIn(frame, 'historyLimit') ?? 0;
  const mostBytes = settingIn(frame, 'historyBytes') ?? 0;
  if (limit === 0 || mostBytes === 0) return;
  const bytes = requestBytes(request) + approximateBytes(response);
  const kept: Kept = { atMs: wallClockMs(), request, response, bytes };
  everything.add(kept, limit, mostBytes);
  const calls = frame.modules;
  for (let call = calls; call !== undefined; call = call.outer) {
    if (isCalledInside(call, calls)) continue;
    let own = ofModule.get(call.module);
    if (own === undefined) {
      own = new Entries();
      ofModule.set(call.module, own);
    }
    own.add(kept, limit, mostBytes);
  }
}

/** True for a module that calls itself, and was met further inside already. */
function isCalledInside(call: ModuleCall, innermost: ModuleCall | undefined): boolean {
  for (let inner = innermost; inner !== undefined && inner !== call; inner = inner.outer) {
    if (inner.module === call.module) return true;
  }
  return false;
}

/** The bytes of messages that open many requests, counted once: with many demos they are nearly all of it. */
const prefixBytes = new WeakMap<readonly Message[], number>();

function requestBytes(request: LMRequest): number {
  const { messages } = request;
  const prefix = sharedPrefixOf(messages);
  if (prefix === undefined) return approximateBytes(request);
  let bytes = prefixBytes.get(prefix);
  if (bytes === undefined) {
    bytes = approximateBytes(prefix) - approximateBytes([]);
    prefixBytes.set(prefix, bytes);
  }
  return bytes + approximateBytes({ ...request, messages: messages.slice(prefix.length) });
}

/** The last `n` answers of the process, or of one module, oldest first. */
export function historyOf(module: object | undefined, n: number): readonly HistoryEntry[] {
  const entries = module === undefined ? everything : ofModule.get(module);
  return n <= 0 ? [] : (entries?.last(n) ?? []);
}

/** Forgets the history of the process; modules keep theirs. */
export function clearHistory(): void {
  everything.clear();
}
