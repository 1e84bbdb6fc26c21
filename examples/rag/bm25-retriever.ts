import { type RetrieveOptions, Retriever } from 'dspex';

const DEFAULT_K = 3;
/** How fast more occurrences of a word stop counting, and how much long passages are held back: the usual values. */
const SATURATION = 1.2;
const LENGTH_PENALTY = 0.75;

/**
 * Finds passages by the words they share with the query, weighed by BM25 (Robertson and Zaragoza 2009): rare words count
 * more than common ones. Everything is in memory, which is right for up to some ten thousand passages.
 */
export class BM25Retriever extends Retriever {
  private readonly counts: readonly ReadonlyMap<string, number>[];
  private readonly lengths: readonly number[];
  private readonly averageLength: number;

  constructor(private readonly passages: readonly string[]) {
    super();
    const words = passages.map(wordsOf);
    this.counts = words.map(countEach);
    this.lengths = words.map((list) => list.length);
    this.averageLength = this.lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, passages.length);
  }

  override async retrieve(query: string, { k = DEFAULT_K, signal }: RetrieveOptions = {}): Promise<readonly string[]> {
    signal?.throwIfAborted();
    const terms = [...new Set(wordsOf(query))].map((term) => [term, this.weightOf(term)] as const);
    return this.passages
      .map((passage, index) => ({ passage, score: this.scoreOf(index, terms) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, k)
      .map(({ passage }) => passage);
  }

  /** Inverse document frequency: near 0 for a word of every passage. */
  private weightOf(term: string): number {
    const having = this.counts.filter((count) => count.has(term)).length;
    return Math.log(1 + (this.passages.length - having + 0.5) / (having + 0.5));
  }

  private scoreOf(index: number, terms: readonly (readonly [string, number])[]): number {
    const relativeLength = (this.lengths[index] ?? 0) / this.averageLength;
    const held = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * relativeLength);
    return terms.reduce((sum, [term, weight]) => {
      const count = this.counts[index]?.get(term) ?? 0;
      return sum + (weight * count * (SATURATION + 1)) / (count + held);
    }, 0);
  }
}

/** Words in lower case; a plural is its singular. */
function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.replace(/(?<=\w{3})s$/u, ''));
}

function countEach(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
