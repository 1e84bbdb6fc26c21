import { LiveLine } from './live-line';
import type { Search, SearchResult } from './program';

/** What the candidates of the search are, by the numbers that DSPy gives them. */
export function candidateName(seed: number): string {
  if (seed === -3) return 'no demonstrations';
  if (seed === -2) return 'labeled demonstrations';
  return seed === -1 ? 'bootstrapped, in order' : `bootstrapped, shuffle ${seed}`;
}

/** Shows a search while it goes on: a live line, and a line for each candidate when it has its score. */
export async function watchSearch(run: Search): Promise<SearchResult> {
  const line = new LiveLine();
  let phase = '';
  for await (const event of run.events) {
    const seconds = `${Math.round(event.atMs / 1000)} s`;
    if (event.kind === 'phase') {
      phase = event.of === undefined ? event.phase : `candidate ${event.candidate}/${event.of}: ${event.phase}`;
      line.show(`  ${phase} (${seconds})`);
    } else if (event.kind === 'row') {
      line.show(`  ${phase}, row ${event.done}/${event.total}, score ${event.score.toFixed(0)} (${seconds})`);
    } else if (event.kind === 'bootstrap') {
      line.show(`  ${phase}, ${event.demos}/${event.wanted} demonstrations (${seconds})`);
    } else if (event.kind === 'candidate') {
      const result = event.score === undefined ? 'failed' : `${event.score.toFixed(1).padStart(5)} %`;
      line.keep(`  ${event.candidate}/${event.of} ${candidateName(event.seed).padEnd(24)} ${result}  (${seconds})`);
    }
  }
  line.clear();
  return run.result;
}
