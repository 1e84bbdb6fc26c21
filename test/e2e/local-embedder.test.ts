import { LocalEmbedder } from 'dspex/local';
import { afterAll, describe, expect, it } from 'vitest';

const embedder = new LocalEmbedder(undefined, { contextSize: 256 });
afterAll(() => embedder.close());

const cosine = (a: readonly number[], b: readonly number[]) => {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, one, at) => sum + one * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

describe('the local embedder', () => {
  it('gives each text a vector of 576 numbers, equal texts equal ones', async () => {
    const { vectors, usage } = await embedder.embed(['a cat', 'the stock market', 'a cat']);
    expect(vectors.map((vector) => vector.length)).toEqual([576, 576, 576]);
    expect(cosine(vectors[0] ?? [], vectors[2] ?? [])).toBeCloseTo(1, 5);
    expect(cosine(vectors[0] ?? [], vectors[1] ?? [])).toBeLessThan(0.9999);
    expect(usage).toMatchObject({ calls: 1, unpricedCalls: 0, costUsd: 0 });
    expect(usage.inputTokens).toBeGreaterThan(5);
  });

  it('refuses a text that does not fit, and stops when its caller leaves', async () => {
    await expect(embedder.embed(['word '.repeat(2000)])).rejects.toMatchObject({ code: 'CONTEXT_WINDOW_EXCEEDED' });
    const controller = new AbortController();
    const reason = new Error('enough');
    const call = embedder.embed(
      Array.from({ length: 50 }, (_, at) => `text ${at}`),
      { signal: controller.signal },
    );
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect((await embedder.embed(['still here'])).vectors).toHaveLength(1);
  });
});
