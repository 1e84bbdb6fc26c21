import { type Example, example } from 'dspex';
import { ADJECTIVES, NOUNS, PATTERNS } from './titles';

export interface TitleFields {
  readonly title: string;
  readonly slug: string;
}
export type Row = Example<TitleFields, 'title'>;

export interface Data {
  readonly train: readonly Row[];
  readonly validation: readonly Row[];
  readonly dev: readonly Row[];
  /** The pattern of each dev row: rows of one pattern succeed and fail together, which the statistics must know. */
  readonly devPatterns: readonly string[];
}

export const SIZES = { train: 40, validation: 30, dev: 80 } as const;

/**
 * Titles made by rule from a seed, with the slug that a regular expression gives. The dev rows use patterns, adjectives and
 * nouns of which the others have none, so nothing that a demonstration shows can be copied into a right answer.
 */
export function makeData(seed: number): Data {
  const next = generator(seed);
  const patterns = halves(PATTERNS, next);
  const adjectives = halves(ADJECTIVES, next);
  const nouns = halves(NOUNS, next);
  const taken = new Set<string>();
  const rows = (count: number, half: 0 | 1) => {
    const made: { pattern: string; row: Row }[] = [];
    while (made.length < count) {
      const pattern = pick(patterns[half], next);
      const words: Record<string, string> = {
        A: capital(pick(adjectives[half], next)),
        N: capital(pick(nouns[half], next)),
        9: String(3 + Math.floor(next() * 17)),
      };
      const title = pattern.replaceAll(/\b(?:A(?= N)|N|9)\b/g, (slot) => words[slot] ?? slot);
      if (taken.has(title)) continue;
      taken.add(title);
      made.push({ pattern, row: example({ title, slug: slugOf(title) }).withInputs('title') });
    }
    return made;
  };
  const learn = rows(SIZES.train + SIZES.validation, 0).map(({ row }) => row);
  const dev = rows(SIZES.dev, 1);
  return {
    train: learn.slice(0, SIZES.train),
    validation: learn.slice(SIZES.train),
    dev: dev.map(({ row }) => row),
    devPatterns: dev.map(({ pattern }) => pattern),
  };
}

/** The rule that the data was made by. */
function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function halves(values: readonly string[], next: () => number): readonly [string[], string[]] {
  const shuffled = values.map((value) => ({ value, key: next() })).sort((a, b) => a.key - b.key);
  const all = shuffled.map(({ value }) => value);
  return [all.slice(0, all.length / 2), all.slice(all.length / 2)];
}

function pick(values: readonly string[], next: () => number): string {
  return values[Math.floor(next() * values.length)] ?? '';
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
