/** Watches the resident memory of the process; the returned function ends that and says by how many bytes it grew at most. */
export function peakGrowth(): () => number {
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 5);
  return () => {
    clearInterval(timer);
    look();
    return peak - before;
  };
}
