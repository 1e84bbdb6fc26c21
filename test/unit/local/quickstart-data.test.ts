import { describe, expect, it } from 'vitest';
import { makeData, SIZES } from '../../../examples/quickstart/data';
import { exactSlug } from '../../../examples/quickstart/task';
import { ADJECTIVES, NOUNS, PATTERNS } from '../../../examples/quickstart/titles';

const SEEDS = [1, 2, 101, 102, 103];
const wordsOf = (rows: readonly { title: string }[], vocabulary: readonly string[]) =>
  new Set(
    rows.flatMap(({ title }) => title.toLowerCase().match(/\w+/g) ?? []).filter((word) => vocabulary.includes(word)),
  );
const shapesOf = (rows: readonly { title: string }[]) =>
  new Set(
    rows.map(({ title }) =>
      title
        .split(/\b/)
        .map((word) => (/^\d+$|^$/.test(word) || [...ADJECTIVES, ...NOUNS].includes(word.toLowerCase()) ? '_' : word))
        .join(''),
    ),
  );

describe('the data of the quickstart', () => {
  it.each(SEEDS)('of seed %i has the promised sizes, and no row twice', (seed) => {
    const { train, validation, dev, devPatterns } = makeData(seed);
    const sizes = { train: train.length, validation: validation.length, dev: dev.length };
    expect(sizes).toEqual(SIZES);
    expect(devPatterns).toHaveLength(dev.length);
    expect(new Set([...train, ...validation, ...dev].map(({ title }) => title)).size).toBe(150);
  });

  it.each(SEEDS)('of seed %i leaks nothing: test rows share no pattern, adjective or noun with the others', (seed) => {
    const { train, validation, dev } = makeData(seed);
    const learn = [...train, ...validation];
    for (const vocabulary of [ADJECTIVES, NOUNS]) {
      const known = wordsOf(learn, vocabulary);
      expect([...wordsOf(dev, vocabulary)].filter((word) => known.has(word))).toEqual([]);
    }
    const shapes = shapesOf(learn);
    expect([...shapesOf(dev)].filter((shape) => shapes.has(shape))).toEqual([]);
  });

  it('is the same for the same seed and another for another', () => {
    expect(makeData(1)).toEqual(makeData(1));
    expect(makeData(1).dev).not.toEqual(makeData(2).dev);
  });

  it('has slugs a reader would expect, and no title that is its own slug', () => {
    for (const { title, slug } of SEEDS.flatMap((seed) => makeData(seed).dev)) {
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(slug).not.toBe(title);
    }
    expect(exactSlug({ slug: 'a-b' }, { slug: 'a-b' })).toBe(true);
    expect(exactSlug({ slug: 'a-b' }, { slug: 'A-b' })).toBe(false);
  });

  it('draws from lists without repetitions', () => {
    for (const list of [PATTERNS, ADJECTIVES, NOUNS]) expect(new Set(list).size).toBe(list.length);
  });
});
