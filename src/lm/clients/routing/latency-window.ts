/** Answers that are remembered, and how many make a judgement. */
const KEPT = 200;
const ENOUGH = 20;
const LEAST_MS = 1_000;

/** How long the last answers took. */
export class LatencyWindow {
  private readonly times: number[] = [];
  private next = 0;
  private known: number | undefined;

  add(ms: number): void {
    this.times[this.next] = ms;
    this.next = (this.next + 1) % KEPT;
    this.known = undefined;
  }

  /** A time that 95 of 100 answers keep, in milliseconds, at least 1,000; `undefined` while there are fewer than 20. */
  slow(): number | undefined {
    if (this.times.length < ENOUGH) return undefined;
    this.known ??= Math.max(
      LEAST_MS,
      this.times.toSorted((a, b) => a - b)[Math.floor(this.times.length * 0.95)] as number,
    );
    return this.known;
  }
}
