/**
 * `round(value, 2)` of Python: to the nearest hundredth of the binary number's exact value, exact halves to the even
 * hundredth. (`toFixed` is exact too, but rounds halves up.)
 */
export function roundHundredths(value: number): number {
  if (!Number.isFinite(value)) return value;
  const eighths = value * 8;
  // Only odd multiples of 1/8 lie exactly between two hundredths.
  if (Number.isInteger(eighths) && eighths % 2 !== 0) {
    const below = Math.floor(value * 100);
    return (below % 2 === 0 ? below : below + 1) / 100;
  }
  return Number(value.toFixed(2));
}

/** The percentage that scores reach: `round(100 * sum / n, 2)` as Python computes it (DSPy: `Evaluate`). */
export function percentage(scores: readonly number[]): number {
  const sum = scores.reduce((total, score) => total + score, 0);
  return roundHundredths((100 * sum) / scores.length);
}
