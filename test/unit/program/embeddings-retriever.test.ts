import { Embedder, type EmbedderStats, EmbeddingsRetriever } from 'dspex';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EmbedResponse } from '../../../src/core/primitives/embedding';
import { NO_USAGE } from '../../../src/core/primitives/usage';
import { largest } from '../../../src/program/retrieve/largest';

/** Counts the letters of a text: texts with the same letters point the same way. */
class LetterEmbedder extends Embedder {
  readonly model = 'letters';
  readonly endpoint = 'here';
  asked: string[] = [];
  failures = 0;

  async embed(texts: readonly string[]): Promise<EmbedResponse> {
    this.asked.push(...texts);
    if (this.failures-- > 0) throw new Error('not today');
    const count = (text: string, letter: string) => text.split(letter).length - 1;
    return { vectors: texts.map((text) => ['a', 'b', 'c'].map((letter) => count(text, letter))), usage: NO_USAGE };
  }

  stats(): EmbedderStats {
    return { inFlight: 0, queued: 0, requests: 0, cacheHits: 0, shared: 0, breaker: 'none' };
  }

  async close(): Promise<void> {}
}

describe('EmbeddingsRetriever', () => {
  const corpus = ['aaa', 'bbb', 'aab', 'cab'];

  test('gives the passages that point the way of the query, best first, and embeds the corpus once', async () => {
    const embedder = new LetterEmbedder();
    const retriever = new EmbeddingsRetriever({ corpus, embedder, k: 2 });
    expect(embedder.asked).toEqual([]);
    expect(await retriever.retrieve('a')).toEqual(['aaa', 'aab']);
    expect(await retriever.retrieve('b', { k: 1 })).toEqual(['bbb']);
    expect(await retriever.retrieve('abc', { k: 99 })).toHaveLength(4);
    expect(embedder.asked.filter((text) => corpus.includes(text))).toEqual(corpus);
  });

  test('embeds the corpus again after a failure', async () => {
    const embedder = new LetterEmbedder();
    embedder.failures = 2;
    const retriever = new EmbeddingsRetriever({ corpus, embedder });
    await expect(retriever.retrieve('a')).rejects.toThrow('not today');
    expect(await retriever.retrieve('c', { k: 1 })).toEqual(['cab']);
  });

  test('names what is wrong with its options and its query', async () => {
    const embedder = new LetterEmbedder();
    expect(() => new EmbeddingsRetriever({ corpus: ['a', ''], embedder })).toThrow(/corpus/u);
    expect(() => new EmbeddingsRetriever({ corpus, embedder: {} as Embedder })).toThrow(/an Embedder/u);
    expect(() => new EmbeddingsRetriever({ corpus, embedder, k: 0 })).toThrow(/'k'/u);
    await expect(new EmbeddingsRetriever({ corpus, embedder }).retrieve('')).rejects.toThrow(/query/u);
  });
});

test('the largest numbers are those that sorting gives', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.integer({ min: 1, max: 6 }), (numbers, k) => {
      const sorted = numbers.map((_, at) => at).sort((a, b) => (numbers[b] ?? 0) - (numbers[a] ?? 0) || a - b);
      expect(largest(numbers, k)).toEqual(sorted.slice(0, k));
    }),
  );
});
