import { monotonicMs } from '../../../core/util/clock';

const BUCKETS = 10;

interface Bucket {
  slot: number;
  calls: number;
  failures: number;
}

/** Counts calls and failures of the last `durationMs` milliseconds, in ten steps; a jump of the wall clock does not matter. */
export class RollingWindow {
  private buckets: Bucket[] = [];

  constructor(private readonly durationMs: number) {}

  add(failed: boolean): void {
    const slot = this.slot();
    let bucket = this.buckets.at(-1);
    if (bucket?.slot !== slot) {
      bucket = { slot, calls: 0, failures: 0 };
      this.buckets = this.buckets.filter((old) => old.slot > slot - BUCKETS);
      this.buckets.push(bucket);
    }
    bucket.calls += 1;
    if (failed) bucket.failures += 1;
  }

  totals(): { readonly calls: number; readonly failures: number } {
    const oldest = this.slot() - BUCKETS;
    let calls = 0;
    let failures = 0;
    for (const bucket of this.buckets) {
      if (bucket.slot <= oldest) continue;
      calls += bucket.calls;
      failures += bucket.failures;
    }
    return { calls, failures };
  }

  clear(): void {
    this.buckets = [];
  }

  private slot(): number {
    return Math.floor((monotonicMs() * BUCKETS) / this.durationMs);
  }
}
