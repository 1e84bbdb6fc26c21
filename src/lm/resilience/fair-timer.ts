import { tell } from '../../core/settings/in-span';
import { resolveSetting } from '../../core/settings/resolve';
import { monotonicMs } from '../../core/util/clock';

/** Timers of Node fire at once when they are asked for more. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A timer later than this, in milliseconds, waited for a blocked event loop; less is the ordinary business of a process. */
const LATE_MS = 50;

/** A short limit gets at least so much of the lost time back, in milliseconds: a socket has to be read first. */
export const LEAST_GRACE_MS = 1000;

const WARN_EVERY_MS = 60_000;

/**
 * Calls `onTime` after so many milliseconds in which answers could be heard. While the event loop is blocked nobody reads a socket: when the
 * timer fires late for that, it is set again for the time that was lost, so that an answer that came meanwhile is read before its
 * sender is charged with a timeout. What is given back is never more than the limit itself (or one second).
 *
 * The blocking is told on the channel `dspex:loop` and, once a minute, to the logger. The timer does not keep the process alive.
 */
export class FairTimer {
  private graceMs: number;
  private dueAt = 0;
  private timer: NodeJS.Timeout;

  constructor(
    private readonly ms: number,
    private readonly onTime: () => void,
  ) {
    this.graceMs = Math.max(LEAST_GRACE_MS, ms);
    this.timer = this.set(ms);
  }

  /** It does not fire any more. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private set(forMs: number): NodeJS.Timeout {
    const limitMs = Math.min(Math.max(0, forMs), MAX_TIMER_MS);
    this.dueAt = monotonicMs() + limitMs;
    return setTimeout(() => this.fire(), limitMs).unref();
  }

  private fire(): void {
    const lostMs = Math.min(graceFor(monotonicMs() - this.dueAt, this.ms), this.graceMs);
    if (lostMs > 0) {
      this.graceMs -= lostMs;
      this.timer = this.set(lostMs);
    } else this.onTime();
  }
}

/** A `FairTimer`, for those who only want to stop it: returns the function that does. */
export function fairTimer(ms: number, onTime: () => void): () => void {
  const timer = new FairTimer(ms, onTime);
  return () => timer.stop();
}

/**
 * How long a timer that fired so late is to wait once more, in milliseconds: the time that was lost, but no more than `mostMs` (or
 * one second); 0 when it was on time. Tells of the block.
 */
export function graceFor(lateMs: number, mostMs: number): number {
  if (lateMs <= LATE_MS) return 0;
  noticeBlock(lateMs);
  return Math.min(lateMs, Math.max(LEAST_GRACE_MS, mostMs));
}

let noticedAt = Number.NEGATIVE_INFINITY;
let warnedAt = Number.NEGATIVE_INFINITY;

/** Many timers fire late of one block; it is told once. */
function noticeBlock(lateMs: number): void {
  const now = monotonicMs();
  const known = now - lateMs < noticedAt;
  noticedAt = now;
  if (known) return;
  const blockedMs = Math.round(lateMs);
  tell('loop', () => ({ blockedMs }));
  if (now - warnedAt < WARN_EVERY_MS) return;
  warnedAt = now;
  const message =
    `dspex: the event loop was blocked, so a deadline was looked at ${blockedMs} ms late. Nobody is charged for it, but no call goes on ` +
    'meanwhile: move long computations (a metric, a tool) out of the way, or split them.';
  try {
    resolveSetting('logger').value?.warn({ blockedMs }, message);
  } catch {
    // A logger that fails must not bring down a timer, which has nobody to tell.
  }
}
