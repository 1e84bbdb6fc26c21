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
  /** With the messages behind `prefix` only. */
  readonly request: LMRequest;
  /** The messages before them, which other requests begin with too: not their list, which is as long as there are demos. */
  readonly prefix: readonly Message[] | undefined;
  readonly response: LMResponse;
  /** Without `prefix`. */
  readonly bytes: number;
}

/** Entries in order, the oldest of them going when there are too many or they are too large. */
class Entries {
  private kept: (Kept | undefined)[] = [];
  private first = 0;
  private bytes = 0;
  /** How many entries begin with these messages, which count once. */
  private readonly prefixes = new Map<readonly Message[], number>();

  add(kept: Kept, most: number, mostBytes: number): void {
    this.kept.push(kept);
    this.bytes += kept.bytes + this.hold(kept.prefix);
    while (this.kept.length - this.first > most || this.bytes > mostBytes) {
      const oldest = this.kept[this.first];
      if (oldest !== undefined) this.bytes -= oldest.bytes + this.release(oldest.prefix);
      this.kept[this.first] = undefined;
      this.first += 1;
    }
    // A full history must not move on every call.
    if (this.first > 1000 && this.first * 2 > this.kept.length) {
      this.kept = this.kept.slice(this.first);
      this.first = 0;
    }
  }

  /** Bytes that come with it: those of messages which no other entry begins with. */
  private hold(prefix: readonly Message[] | undefined): number {
    if (prefix === undefined) return 0;
    const entries = this.prefixes.get(prefix) ?? 0;
    this.prefixes.set(prefix, entries + 1);
    return entries === 0 ? prefixBytes(prefix) : 0;
  }

  /** Bytes that go with it. */
  private release(prefix: readonly Message[] | undefined): number {
    if (prefix === undefined) return 0;
    const entries = (this.prefixes.get(prefix) ?? 1) - 1;
    if (entries > 0) {
      this.prefixes.set(prefix, entries);
      return 0;
    }
    this.prefixes.delete(prefix);
    return prefixBytes(prefix);
  }

  last(n: number): readonly HistoryEntry[] {
    const from = Math.max(this.first, this.kept.length - n);
    return this.kept.slice(from).flatMap((kept) => {
      if (kept === undefined) return [];
      const { atMs, prefix, request, response } = kept;
      const whole = prefix === undefined ? request : { ...request, messages: [...prefix, ...request.messages] };
      return [{ at: new Date(atMs), request: whole, response }];
    });
  }

  clear(): void {
    this.kept = [];
    this.first = 0;
    this.bytes = 0;
    this.prefixes.clear();
  }
}

const everything = new Entries();
const ofModule = new WeakMap<object, Entries>();

/**
 * Remembers an answer for the process and for each module being called, bounded by `historyLimit` and `historyBytes`. The bytes are
 * estimated at the most that their texts can take; demos and instructions that several requests begin with count once.
 */
export function recordHistory(request: LMRequest, response: LMResponse): void {
  const frame = currentFrame();
  const limit = settingIn(frame, 'historyLimit') ?? 0;
  const mostBytes = settingIn(frame, 'historyBytes') ?? 0;
  if (limit === 0 || mostBytes === 0) return;
  const prefix = sharedPrefixOf(request.messages);
  const rest = prefix === undefined ? request : { ...request, messages: request.messages.slice(prefix.length) };
  const bytes = approximateBytes(rest) + approximateBytes(response);
  const kept: Kept = { atMs: wallClockMs(), request: rest, prefix, response, bytes };
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

const countedPrefixes = new WeakMap<readonly Message[], number>();

/** Counted once: with many demos they are nearly all of a prompt. */
function prefixBytes(prefix: readonly Message[]): number {
  let bytes = countedPrefixes.get(prefix);
  if (bytes === undefined) {
    bytes = approximateBytes(prefix);
    countedPrefixes.set(prefix, bytes);
  }
  return bytes;
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
