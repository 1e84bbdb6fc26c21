import { type PairedDifference, pairedDifference } from 'dspex/evaluate';
import { watchSearch } from './compile';
import { makeData, SIZES } from './data';
import { labeled, makeProgram, type Score, score, startSearch } from './program';
import { differenceText, heading, scoreText } from './report';

/** Seeds that no choice in this example was made by. */
export const FRESH_SEEDS: readonly number[] = [101, 102, 103];

interface SeedResult {
  readonly seed: number;
  readonly clusters: readonly string[];
  readonly before: Score;
  readonly drawn: Score;
  readonly after: Score;
}

/** Measures the shipped settings on fresh data: what compiling gains, and what of it the search adds to drawn demonstrations. */
export async function measureSeeds(seeds: readonly number[]): Promise<void> {
  const results: SeedResult[] = [];
  for (const seed of seeds) {
    heading(`Seed ${seed}`);
    const { train, validation, dev, devPatterns } = makeData(seed);
    const program = makeProgram();
    const before = await score(program, dev, true);
    const drawn = await score(await labeled(program, train), dev, true);
    const compiled = await watchSearch(startSearch(program, train, validation));
    const after = await score(compiled, dev, true);
    results.push({ seed, clusters: devPatterns.map((pattern) => `${seed} ${pattern}`), before, drawn, after });
  }
  heading(`Shipped settings, ${seeds.length} fresh seeds, ${SIZES.dev} unseen rows each; 95 % intervals`);
  for (const result of results) {
    console.log(`  seed ${result.seed}`);
    console.log(`    no demonstrations       ${scoreText(result.before)}`);
    console.log(`    4 drawn demonstrations  ${scoreText(result.drawn)}`);
    console.log(`    compiled by the search  ${scoreText(result.after)}`);
    showDifferences([result], '    ');
  }
  console.log(`\n  all ${results.length * SIZES.dev} rows`);
  showDifferences(results, '    ');
}

function showDifferences(results: readonly SeedResult[], margin: string): void {
  const compare = (from: 'before' | 'drawn', to: 'drawn' | 'after') =>
    pairedDifference(
      results.flatMap((result) => result[from].scores()),
      results.flatMap((result) => result[to].scores()),
      { clusters: results.flatMap(({ clusters }) => clusters) },
    );
  const line = (name: string, difference: PairedDifference) => {
    const verdict = difference.established ? 'established' : 'not established';
    console.log(`${margin}${name} ${differenceText(difference)}  ${verdict}`);
  };
  line('compiled over none    ', compare('before', 'after'));
  line('drawn over none       ', compare('before', 'drawn'));
  line('compiled over drawn   ', compare('drawn', 'after'));
}
