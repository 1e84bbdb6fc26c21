import { tell } from '../../../core/settings/in-span';
import { monotonicMs } from '../../../core/util/clock';
import { MAX_TIMER_MS, withDeadline } from '../deadline';
import { AdaptiveLimit } from './adaptive-limit';
import { FairQueue, type Ticket } from './fair-queue';
import type { LimiterOptions, LimiterScope } from './limiter-options';
import { type RateSlot, RequestRate } from './request-rate';
import { TokenRate } from './token-rate';

/** No pause that the other side asks for is longer, in milliseconds: then one call finds out how things are. */
const MAX_PAUSE_MS = 60_000;

/** The right to send one request, to be given back by `answered` or `failed`. */
export interface Permit {
  readonly startedAt: number;
  readonly tokens: number;
  readonly slot: RateSlot | undefined;
  /** The place behind the gate. */
  readonly place: number | undefined;
}

interface Waiter extends Ticket {
  readonly tokens: number;
  readonly start: (permit: Permit) => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Bounds how many calls are in flight, and requests and tokens a minute. Waiting calls go by priority, then their runs take turns; one
 * whose signal fires leaves the queue at once. A queued call goes on in its own async context, never in that of the call
 * whose end let it start.
 */
export class Limiter {
  private readonly queue = new FairQueue<Waiter>();
  private readonly limit: AdaptiveLimit;
  private readonly requests: RequestRate | undefined;
  private readonly tokens: TokenRate | undefined;
  private running = 0;
  private pausedUntil = Number.NEGATIVE_INFINITY;
  private stop: { readonly cause: unknown; readonly until: number } | undefined;
  private closed: (() => Error) | undefined;
  private wake: NodeJS.Timeout | undefined;

  constructor(private readonly options: LimiterOptions) {
    const { maxConcurrent, adaptive = true, requestsPerMinute, tokensPerMinute } = options;
    this.limit = new AdaptiveLimit(maxConcurrent, adaptive);
    this.requests = requestsPerMinute === undefined ? undefined : new RequestRate(requestsPerMinute);
    this.tokens = tokensPerMinute === undefined ? undefined : new TokenRate(tokensPerMinute, monotonicMs());
  }

  get inFlight(): number {
    return this.running;
  }

  get queued(): number {
    return this.queue.size;
  }

  /** Most calls in flight for now. */
  get limitNow(): number {
    return this.limit.current;
  }

  /** Time in which no call is let out, in milliseconds; 0 when there is no such pause. */
  get pauseMs(): number {
    return Math.max(0, Math.max(this.pausedUntil, this.stop?.until ?? 0) - monotonicMs());
  }

  /**
   * A permit, at once where nothing stands in the way, else a promise of it. Throws the refusal where one is known at once. Whoever waits
   * goes on after its own promise, so its AsyncLocalStorage stores are those of its caller.
   */
  enter(scope: LimiterScope = {}): Permit | Promise<Permit> {
    scope.signal?.throwIfAborted();
    const refused = this.refusal();
    if (refused !== undefined) throw refused;
    const { tokens = 0 } = scope;
    return this.queue.size === 0 && this.waitMs(tokens) === 0 ? this.admit(tokens) : this.enqueue(scope);
  }

  /** The call of that permit was answered; `spent` are the tokens it took, where that is known. */
  answered(permit: Permit, spent?: number): void {
    this.limit.succeeded(this.running >= this.limit.current || this.queue.size > 0);
    if (spent !== undefined) this.tokens?.giveBack(permit.tokens - spent, monotonicMs());
    this.release(permit);
  }

  /** The call of that permit failed so. */
  failed(permit: Permit, error: unknown): void {
    this.heed(error, permit);
    this.release(permit);
  }

  /** Sends away whoever waits, each with an error of its own. */
  evict(error: () => Error): void {
    for (const waiter of this.queue.drain()) waiter.refuse(error());
    this.pump();
  }

  /** Refuses whoever waits and every later call. Calls in flight end by themselves. */
  close(error: () => Error): void {
    this.closed = error;
    this.evict(error);
  }

  /** Forgets pauses: the next call goes out. */
  reset(): void {
    this.stop = undefined;
    this.pausedUntil = Number.NEGATIVE_INFINITY;
    this.pump();
  }

  private refusal(): Error | undefined {
    if (this.closed !== undefined) return this.closed();
    if (this.stop === undefined) return undefined;
    const waitMs = this.stop.until - monotonicMs();
    if (waitMs > 0) return this.options.stopped?.(this.stop.cause, waitMs);
    this.stop = undefined;
    return undefined;
  }

  /** Time until a call may go, in milliseconds; infinite when the end of another call decides it. */
  private waitMs(tokens: number): number {
    if (this.running >= this.limit.current || this.options.gate?.room === false) return Number.POSITIVE_INFINITY;
    const now = monotonicMs();
    const rates = Math.max(this.requests?.waitMs(now) ?? 0, this.tokens?.waitMs(tokens, now) ?? 0);
    return Math.max(0, this.pausedUntil - now, rates);
  }

  private admit(tokens: number): Permit {
    const now = monotonicMs();
    this.running += 1;
    this.tokens?.take(tokens, now);
    return { startedAt: now, tokens, slot: this.requests?.take(now), place: this.options.gate?.enter() };
  }

  /** Resolves with a permit in hand. */
  private async enqueue(scope: LimiterScope): Promise<Permit> {
    const { signal, deadlineMs, priority = 0, group, tokens = 0 } = scope;
    const { maxQueued, full, paused } = this.options;
    if (this.queue.size >= maxQueued) throw full();
    const since = monotonicMs();
    const pauseMs = this.pausedUntil - since;
    if (paused !== undefined && deadlineMs !== undefined && pauseMs > deadlineMs) throw paused(pauseMs);
    let waiter: Waiter | undefined;
    const turn = new Promise<Permit>((start, refuse) => {
      waiter = { priority, group, tokens, start, refuse };
      this.queue.add(waiter);
    });
    this.pump();
    try {
      const permit = await withDeadline(turn, { signal, deadlineMs, expired: () => scope.expired?.() });
      tell('limiter', () => ({ event: 'waited', waitedMs: monotonicMs() - since, queued: this.queue.size }));
      return permit;
    } catch (error) {
      // A permit that came in the same moment goes to the next in the queue.
      if (waiter !== undefined && !this.queue.delete(waiter)) this.takeBack(turn);
      else this.pump();
      throw error;
    }
  }

  private release({ slot }: Permit): void {
    if (slot !== undefined) this.requests?.answered(slot, monotonicMs());
    this.running -= 1;
    this.pump();
  }

  private takeBack(turn: Promise<Permit>): void {
    turn.then(
      ({ place }) => {
        if (place !== undefined) this.options.gate?.leave(place);
        this.running -= 1;
        this.pump();
      },
      // It was refused, so it holds no permit.
      () => undefined,
    );
  }

  /** Lets out whoever may go, and comes back when the first of the others may. */
  private pump(): void {
    if (this.wake !== undefined) clearTimeout(this.wake);
    this.wake = undefined;
    // After nearly every call: nobody waits.
    if (this.queue.size === 0) return;
    for (let next = this.queue.next(); next !== undefined; next = this.queue.next()) {
      const waitMs = this.waitMs(next.tokens);
      if (waitMs > 0) {
        // The timer holds the process: somebody is waiting.
        if (Number.isFinite(waitMs))
          this.wake = setTimeout(() => this.pump(), Math.min(Math.ceil(waitMs), MAX_TIMER_MS));
        return;
      }
      this.queue.take(next);
      next.start(this.admit(next.tokens));
    }
  }

  private heed(error: unknown, { startedAt }: Permit): void {
    const sign = this.options.sign?.(error);
    if (sign === undefined) return;
    const now = monotonicMs();
    if (sign.kind === 'stop') {
      const pauseMs = this.options.quotaPauseMs ?? 60_000;
      if (pauseMs === 0) return;
      this.stop = { cause: error, until: now + pauseMs };
      tell('limiter', () => ({ event: 'stopped', forMs: pauseMs, refused: this.queue.size }));
      this.evict(() => this.options.stopped?.(error, pauseMs) ?? (error as Error));
      return;
    }
    if (this.limit.slowDown(startedAt, this.running, now)) {
      tell('limiter', () => ({ event: 'limit', limit: this.limit.current }));
    }
    const { retryAfterMs = 0 } = sign;
    if (retryAfterMs <= 0) return;
    this.pausedUntil = Math.max(this.pausedUntil, now + Math.min(retryAfterMs, MAX_PAUSE_MS));
    tell('limiter', () => ({ event: 'paused', forMs: this.pausedUntil - now }));
  }
}
