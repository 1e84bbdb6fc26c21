import { monotonicMs } from '../../../core/util/clock';

const FIRST = 2;
const LAST = 8;

/**
 * What comes after a probe that was answered: 2 calls at a time, then 4, then 8, then as many as like. Each step takes as many answers as it
 * has permits; when there are not so many calls, the whole ends after a time. So the crowd that waited does not bring down what has just
 * come back.
 */
export class SlowStart {
  private permits = 0;
  private answers = 0;
  private running = 0;
  private rounds = 0;
  private endsAt = 0;

  constructor(private readonly durationMs: number) {}

  /** Most calls at a time; `undefined` means that there is no such bound (any more). */
  get limit(): number | undefined {
    if (this.permits > 0 && monotonicMs() >= this.endsAt) this.permits = 0;
    return this.permits === 0 ? undefined : this.permits;
  }

  /** True when a call may begin. */
  get room(): boolean {
    const { limit } = this;
    return limit === undefined || this.running < limit;
  }

  /** The number of this slow start; places of earlier ones mean nothing any more. */
  get round(): number {
    return this.rounds;
  }

  begin(): void {
    this.rounds += 1;
    this.permits = FIRST;
    this.answers = 0;
    this.running = 0;
    this.endsAt = monotonicMs() + this.durationMs;
  }

  stop(): void {
    this.permits = 0;
  }

  /** Takes a place, to be given back with `leave`. */
  enter(): number {
    this.running += 1;
    return this.rounds;
  }

  leave(place: number, answered: boolean): void {
    if (place !== this.rounds) return;
    this.running -= 1;
    if (!answered || this.permits === 0) return;
    this.answers += 1;
    if (this.answers < this.permits) return;
    this.answers = 0;
    this.permits = this.permits === LAST ? 0 : this.permits * 2;
  }
}
