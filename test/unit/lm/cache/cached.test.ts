import { LM, type LMResponse, NO_USAGE } from 'dspex';
import { cached, MemoryCache } from 'dspex/clients';
import { DummyLM } from 'dspex/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { callScope } from '../../../../src/core/ports/call-scope';
import { Cancellation } from '../../../../src/core/util/cancellation';

const QUESTION = [{ role: 'user', content: 'q' }] as const;

/** Breaks before it has a promise to give. */
class ThrowingLM extends DummyLM {
  override generate(): Promise<LMResponse> {
    throw new Error('at once');
  }
}

describe('a cached LM', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('makes no signal of the platform where the caller gave none, and hands the scope on as it is', async () => {
    const signal = vi.spyOn(Cancellation.prototype, 'signal', 'get');
    const inner = new DummyLM(['a']);
    const generate = vi.spyOn(inner, 'generate').mockResolvedValue({
      ...{
        model: 'm',
        completions: [{ text: 'a', finishReason: 'stop' }],
        usage: NO_USAGE,
        cached: false,
        attempts: 1,
      },
    } as LMResponse);
    const lm = cached(inner);
    const scope = callScope(new Cancellation(), { deadlineMs: 1000 });
    await lm.generate(lm.createRequest(QUESTION), scope);
    await lm.generate(lm.createRequest(QUESTION), scope);
    expect(signal).not.toHaveBeenCalled();
    expect(generate).toHaveBeenCalledTimes(1);
    expect(generate.mock.calls[0]?.[1]).toBe(scope);
  });

  test('rejects with the reason when the call was off before it began', async () => {
    const [lm, cancellation, reason] = [cached(new DummyLM(['a'])), new Cancellation(), new Error('off')];
    cancellation.abort(reason);
    await expect(lm.generate(lm.createRequest(QUESTION), callScope(cancellation, {}))).rejects.toBe(reason);
  });

  test('rejects, never throws, whatever breaks inside', async () => {
    const lm: LM = cached(new ThrowingLM([]));
    const throwing = () => lm.generate(lm.createRequest(QUESTION));
    await expect(throwing()).rejects.toThrow('at once');
    const circular: Record<string, unknown> = {};
    circular['itself'] = circular;
    await expect(lm.generate(lm.createRequest(QUESTION, { extra: circular }))).rejects.toThrow(RangeError);
  });

  test('neither reads nor writes where the scope says so', async () => {
    const [cache, dummy] = [new MemoryCache(), new DummyLM(['a', 'b'])];
    const lm = cached(dummy, { cache });
    for (let times = 0; times < 2; times += 1) await lm.generate(lm.createRequest(QUESTION), { cache: false });
    expect(dummy.requests).toHaveLength(2);
    expect(cache.stats()).toMatchObject({ entries: 0, hits: 0, misses: 0 });
  });
});
