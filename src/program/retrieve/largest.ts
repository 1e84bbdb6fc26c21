/** The places of the `k` largest numbers, largest first; of equal ones the earlier place comes first. Time n log k. */
export function largest(numbers: readonly number[], k: number): readonly number[] {
  const before = (a: number, b: number) => (numbers[b] as number) - (numbers[a] as number) || a - b;
  let kept: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (const [at, number] of numbers.entries()) {
    if (kept.length >= k && number <= least) continue;
    kept.push(at);
    // Sorted only when twice as long as wanted, so that each number is sorted a few times at most.
    if (kept.length < 2 * k) continue;
    kept = kept.sort(before).slice(0, k);
    least = numbers[kept.at(-1) as number] as number;
  }
  return kept.sort(before).slice(0, k);
}
