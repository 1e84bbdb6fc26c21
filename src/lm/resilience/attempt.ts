import { onAbort } from '../../core/util/on-abort';
import type { Pass } from './breaker/breaker';
import { FairTimer, MAX_TIMER_MS } from './fair-timer';
import type { Permit } from './limiter/limiter';
import type { ResilientCall } from './resilient-call';

/**
 * Time that an attempt gets beyond its deadline, in milliseconds. A client that keeps its deadline knows best what it was waiting for; this
 * one ends the wait for one that does not.
 */
const GRACE_MS = 20;

/**
 * One attempt at a call: refused or let out by the breaker, a permit of the limiter, the request, and its end, whichever comes first of
 * answer, failure, deadline and abort. A call that the circuit refuses is refused before it queues, and once more when its turn comes. The
 * breaker hears of the end before the permit is given back, so that a failure is counted before the next call is let out.
 *
 * It is one state machine on one promise. Breaker, limiter, deadline and retry as async functions around each other are the same in fewer
 * lines, at twice the processor time.
 */
export class Attempt<A, R> {
  private permit: Permit | undefined;
  private pass: Pass | undefined;
  private timer: FairTimer | undefined;
  private unlisten: (() => void) | undefined;
  private over = false;

  /** `first` says whether further attempts may follow; they decide that among themselves. */
  constructor(
    private readonly call: ResilientCall<A, R>,
    private readonly first: boolean,
    private readonly resolve: (outcome: R | Promise<R>) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  begin(): void {
    const { breaker, limiter } = this.call.parts;
    try {
      breaker?.check();
      const permit = limiter.enter(this.call);
      if (permit instanceof Promise) {
        permit.then(
          (now) => this.send(now),
          (error: unknown) => this.failed(error),
        );
      } else this.send(permit);
    } catch (error) {
      this.failed(error);
    }
  }

  private send(permit: Permit): void {
    const { call } = this;
    const { signal, parts } = call;
    this.permit = permit;
    try {
      this.pass = parts.breaker?.pass(permit.place);
      const leftMs = Math.max(1, call.remainingMs());
      call.send(leftMs).then(
        (answer) => this.answered(answer),
        (error: unknown) => {
          call.heard(error);
          this.failed(error);
        },
      );
      // A request that listens to nothing holds neither permit nor probe for longer than its time.
      const mostMs = leftMs + GRACE_MS;
      if (mostMs <= MAX_TIMER_MS) this.timer = new FairTimer(mostMs, () => this.failed(call.expired()));
      if (signal === undefined) return;
      if (signal.aborted) this.failed(signal.reason);
      else this.unlisten = onAbort(signal, () => this.failed(signal.reason));
    } catch (error) {
      this.failed(error);
    }
  }

  private answered(answer: A): void {
    if (!this.ends()) return;
    const { breaker } = this.call.parts;
    const effect = this.pass && breaker?.answered(this.pass);
    if (effect === undefined) this.settle(answer);
    else effect.then(() => this.settle(answer), this.reject);
  }

  private settle(answer: A): void {
    const { call, permit } = this;
    const { limiter, retry } = call.parts;
    let outcome: R;
    try {
      if (permit !== undefined) limiter.answered(permit, call.spent(answer));
      this.permit = undefined;
      outcome = call.outcome(answer);
    } catch (error) {
      this.give(error);
      return;
    }
    if (this.first) retry.succeeded();
    this.resolve(outcome);
  }

  private failed(error: unknown): void {
    if (!this.ends()) return;
    const { breaker } = this.call.parts;
    const effect = this.pass && breaker?.failed(this.pass, error);
    if (effect === undefined) this.give(error);
    else effect.then(() => this.give(error), this.reject);
  }

  /** Gives the permit back, then the failure to whoever waits, unless the call is tried again. */
  private give(error: unknown): void {
    const { call, permit, resolve, reject } = this;
    const { limiter, retry } = call.parts;
    if (permit !== undefined) limiter.failed(permit, error);
    const failure = call.failureOf(error);
    try {
      const further = this.first ? retry.recover(failure, () => call.again(), call) : undefined;
      if (further === undefined) reject(failure);
      else resolve(further);
    } catch (broken) {
      // The random numbers may be the user's.
      reject(broken);
    }
  }

  /** False when the attempt has ended already, and what comes now is too late. */
  private ends(): boolean {
    if (this.over) return false;
    this.over = true;
    this.timer?.stop();
    this.unlisten?.();
    return true;
  }
}
