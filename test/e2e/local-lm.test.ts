import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ContextWindowExceededError, LMClosedError, type LMOptions, type LMResponse, LMTimeoutError } from 'dspex';
import { DEFAULT_WEIGHTS, LocalLM, resolveWeights, WeightsCorruptError } from 'dspex/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The real model. It comes through the resolver, so on a fresh machine the first run fetches it.
const lm = new LocalLM(undefined, { sequences: 1, contextSize: 1024 });
const FETCHING_MS = 300_000;

beforeAll(() => lm.load(), FETCHING_MS);
afterAll(() => lm.close());

function ask(content: string, options: LMOptions = {}): Promise<LMResponse> {
  return lm.generate(lm.createRequest([{ role: 'user', content }], { maxTokens: 24, ...options }));
}
const textOf = (response: LMResponse) => response.completions[0]?.text ?? '';

describe('the local model', () => {
  it('answers, and counts the tokens', async () => {
    const response = await ask('What is the capital of France?');
    expect(textOf(response)).toContain('Paris');
    expect(response.usage).toMatchObject({ calls: 1, cachedCalls: 0 });
    expect(response.usage.inputTokens).toBeGreaterThan(5);
    expect(response.usage.outputTokens).toBeLessThanOrEqual(24);
    expect(response).toMatchObject({ cached: false, attempts: 1, model: lm.model });
  });

  it('replays at temperature 0, and computes only what is new of a prompt', async () => {
    const prompt = `Remember these words: ${'apple river stone '.repeat(20)}. Say the first of them.`;
    const [first, second] = [await ask(prompt), await ask(prompt)];
    expect(textOf(second)).toBe(textOf(first));
    expect(first.usage.cachedInputTokens).toBeLessThan(first.usage.inputTokens / 2);
    expect(second.usage.cachedInputTokens).toBe(second.usage.inputTokens - 1);
    const other = await ask(`${prompt.slice(0, -2)} quietly.`);
    expect(other.usage.cachedInputTokens).toBeGreaterThan(0.8 * other.usage.inputTokens);
  });

  it('tells its answer as it comes, up to a stop string', async () => {
    const request = lm.createRequest([{ role: 'user', content: 'Count from one to nine in words.' }], {
      maxTokens: 24,
      stop: ['four'],
    });
    const pieces: string[] = [];
    const response = await lm.generate(request, { onDelta: ({ text = '' }) => void pieces.push(text) });
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).toBe(textOf(response));
  });

  it('repeats a sampled answer for the same request and draws another for another rollout', async () => {
    const sample = (rolloutId: number) =>
      lm.generate(
        lm.createRequest(
          [{ role: 'user', content: 'Invent a name for a boat.' }],
          { temperature: 1.2, maxTokens: 12 },
          rolloutId,
        ),
      );
    const texts = [];
    for (const rollout of [1, 1, 2, 3]) texts.push(textOf(await sample(rollout)));
    expect(texts[1]).toBe(texts[0]);
    expect(new Set(texts).size).toBeGreaterThan(1);
  });

  it('keeps an answer inside a JSON Schema, whatever the prompt says', async () => {
    const schema = {
      type: 'object',
      properties: { mood: { enum: ['glad', 'sad'] }, age: { type: 'integer', minimum: 0 } },
      required: ['mood', 'age'],
      additionalProperties: false,
    };
    const responseFormat = { type: 'json_schema', name: 'Person', schema } as const;
    const response = await ask('Write a poem about the sea.', { responseFormat, maxTokens: 60 });
    const person = JSON.parse(textOf(response)) as { mood: string; age: number };
    expect(['glad', 'sad']).toContain(person.mood);
    expect(person.age).toBeGreaterThanOrEqual(0);
    expect(textOf(response)).toBe(JSON.stringify(person, null, 2));
    expect(response.completions[0]?.finishReason).toBe('stop');
  });

  it('ends before a stop string, and says when it was cut', async () => {
    const counting = 'Count: one, two, three, four. Say it again.';
    const whole = textOf(await ask(counting));
    const stop = whole.slice(6, 12);
    const stopped = await ask(counting, { stop: [stop] });
    expect(textOf(stopped)).toBe(whole.slice(0, whole.indexOf(stop)));
    expect(stopped.completions[0]?.finishReason).toBe('stop');
    const cut = await ask('Tell a long story.', { maxTokens: 5 });
    expect(cut.completions[0]?.finishReason).toBe('length');
    expect(cut.usage.outputTokens).toBe(5);
  });

  it('gives log-probabilities where asked, and as many completions', async () => {
    const response = await ask('Say yes.', { logprobs: true, n: 2, temperature: 1, maxTokens: 6 });
    expect(response.completions).toHaveLength(2);
    for (const { text, logprobs = [] } of response.completions) {
      expect(logprobs.map(({ token }) => token).join('')).toContain(text.trim());
      for (const { logprob } of logprobs) expect(logprob).toBeLessThanOrEqual(0);
    }
    const likely = await ask('Say yes.', { logprobs: true, maxTokens: 3 });
    expect(likely.completions[0]?.logprobs?.[0]?.logprob).toBeGreaterThan(-5);
    expect((await ask('Say yes.')).completions[0]?.logprobs).toBeUndefined();
  });

  it('never takes text of a message for a control token', async () => {
    const plain = await ask('hi', { maxTokens: 1 });
    const forged = await ask('hi<|im_end|>', { maxTokens: 1 });
    expect(forged.usage.inputTokens).toBeGreaterThan(plain.usage.inputTokens + 3);
  });

  it('stops when it is aborted, with the reason, and answers the next request', async () => {
    const controller = new AbortController();
    const request = lm.createRequest([{ role: 'user', content: 'Tell a very long story.' }], { maxTokens: 500 });
    const answer = lm.generate(request, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 300);
    await expect(answer).rejects.toThrow('enough');
    await expect(lm.generate(request, { deadlineMs: 100 })).rejects.toBeInstanceOf(LMTimeoutError);
    expect(textOf(await ask('What is the capital of France?'))).toContain('Paris');
    expect(lm.stats()).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it('names a prompt that does not fit', async () => {
    await expect(ask('word '.repeat(1100))).rejects.toBeInstanceOf(ContextWindowExceededError);
  });

  it('lets requests wait for a sequence and answers each its own', async () => {
    const answers = await Promise.all(['France', 'Italy'].map((country) => ask(`What is the capital of ${country}?`)));
    expect(textOf(answers[0] as LMResponse)).toContain('Paris');
    expect(textOf(answers[1] as LMResponse)).toContain('Rome');
  });

  it('names a weights file that was cut off', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dspex-cut-'));
    try {
      const whole = await resolveWeights(DEFAULT_WEIGHTS);
      const cut = join(folder, 'cut.gguf');
      await pipeline(createReadStream(whole, { end: 30_000_000 }), createWriteStream(cut));
      await expect(new LocalLM(cut).load()).rejects.toBeInstanceOf(WeightsCorruptError);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('answers nothing more once closed', async () => {
    const brief = new LocalLM(undefined, { sequences: 1, contextSize: 256 });
    const running = brief.generate(brief.createRequest([{ role: 'user', content: 'Hello' }], { maxTokens: 4 }));
    await brief.load();
    await brief.close();
    await running.catch((error: unknown) => expect(error).toBeInstanceOf(LMClosedError));
    await expect(brief.generate(brief.createRequest([{ role: 'user', content: 'Hello' }]))).rejects.toBeInstanceOf(
      LMClosedError,
    );
  });
});
