/** The only reader of clocks. Durations use `monotonicMs`, so a jump of the wall clock disturbs none of them. */

/** The time of day in milliseconds since the epoch, for labels shown to people. */
export function wallClockMs(): number {
  return Date.now();
}

/** Milliseconds since some fixed moment; only differences mean anything. */
export function monotonicMs(): number {
  return performance.now();
}
