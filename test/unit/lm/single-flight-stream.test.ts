import { singleFlight } from 'dspex/clients';
import { DummyLM } from 'dspex/testing';
import { describe, expect, it } from 'vitest';
import type { LMDelta } from '../../../src/core/primitives/lm-delta';

const TEXT = 'one two three four five six';
const ask = (lm: DummyLM) => lm.createRequest([{ role: 'user', content: 'q' }]);
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A model that says a word whenever it is let. */
function stepped() {
  const steps: (() => void)[] = [];
  const inner = new DummyLM(() => TEXT);
  const generate = inner.generate.bind(inner);
  let told = 0;
  inner.generate = (request, scope = {}) => {
    const { onDelta } = scope;
    if (onDelta === undefined) return generate(request, scope);
    return generate(request, {
      ...scope,
      onDelta: async (delta) => {
        await new Promise<void>((go) => steps.push(go));
        told += 1;
        await onDelta(delta);
      },
    });
  };
  const step = async (times = 1) => {
    for (let at = 0; at < times; at++) {
      steps.shift()?.();
      await turn();
    }
  };
  return { inner, lm: singleFlight(inner), step, told: () => told };
}

function collector() {
  const texts: string[] = [];
  return { texts, onDelta: (delta: LMDelta) => void texts.push(delta.text ?? '') };
}

describe('equal streaming calls in flight', () => {
  it('are one request: who comes late gets the pieces so far at once, then live', async () => {
    const { inner, lm, step } = stepped();
    const [a, b] = [collector(), collector()];
    const first = lm.generate(ask(inner), { onDelta: a.onDelta });
    await turn();
    await step(3);
    expect(a.texts).toEqual(['one', ' two', ' three']);
    const second = lm.generate(ask(inner), { onDelta: b.onDelta });
    expect(b.texts).toEqual(a.texts);
    await step(1);
    expect(b.texts.at(-1)).toBe(' four');
    await step(2);
    expect((await first).completions[0]?.text).toBe(TEXT);
    expect((await second).completions).toBe((await first).completions);
    expect(b.texts.join('')).toBe(TEXT);
    expect(inner.requests).toHaveLength(1);
    expect(lm.stats().shared).toBe(1);
  });

  it('hold each other up neither by slow readers nor by readers who fail', async () => {
    const { inner, lm, step } = stepped();
    const quick = collector();
    let letGo = () => {};
    const slow: string[] = [];
    const held = lm.generate(ask(inner), {
      onDelta: (delta) => {
        slow.push(delta.text ?? '');
        return new Promise((go) => {
          letGo = go;
        });
      },
    });
    const failing = lm.generate(ask(inner), {
      onDelta: () => {
        throw new Error('my own');
      },
    });
    const failed = expect(failing).rejects.toThrow('my own');
    const quickly = lm.generate(ask(inner), { onDelta: quick.onDelta });
    await turn();
    await step(6);
    expect((await quickly).completions[0]?.text).toBe(TEXT);
    expect(quick.texts.join('')).toBe(TEXT);
    expect(slow).toEqual(['one']);
    await failed;
    for (let at = 0; at < 6; at++) {
      letGo();
      await turn();
    }
    await held;
    expect(slow.join('')).toBe(TEXT);
  });

  it('hold the source back when everybody who waits is slow', async () => {
    const { inner, lm, step, told } = stepped();
    let letGo = () => {};
    const running = lm.generate(ask(inner), {
      onDelta: () =>
        new Promise((go) => {
          letGo = go;
        }),
    });
    await turn();
    await step(4);
    expect(told()).toBe(1);
    letGo();
    await turn();
    await step(1);
    expect(told()).toBe(2);
    // Somebody who wants the whole only is not to be held up by the slow reader.
    const whole = lm.generate(ask(inner));
    await turn();
    await step(4);
    expect((await whole).completions[0]?.text).toBe(TEXT);
    for (let at = 0; at < 6; at++) {
      letGo();
      await turn();
    }
    await running;
  });
});

it('a caller who wants pieces of a request without any gets the whole, and none', async () => {
  let answer = (_: string) => {};
  const inner = new DummyLM(() => new Promise<string>((resolve) => (answer = resolve)));
  const lm = singleFlight(inner);
  const plain = lm.generate(ask(inner));
  await turn();
  const { texts, onDelta } = collector();
  const streaming = lm.generate(ask(inner), { onDelta });
  answer(TEXT);
  expect((await streaming).completions).toBe((await plain).completions);
  expect(texts).toEqual([]);
});

it('a caller who leaves is told nothing more, and the last one ends the request', async () => {
  const { inner, lm, step, told } = stepped();
  const [a, b] = [collector(), collector()];
  const [leaving, last] = [new AbortController(), new AbortController()];
  const first = lm.generate(ask(inner), { onDelta: a.onDelta, signal: leaving.signal });
  const second = lm.generate(ask(inner), { onDelta: b.onDelta, signal: last.signal });
  const left = expect(first).rejects.toThrow('bye');
  const ended = expect(second).rejects.toThrow('bye');
  await turn();
  await step(1);
  leaving.abort(new Error('bye'));
  await left;
  await step(1);
  expect(a.texts).toEqual(['one']);
  expect(b.texts).toEqual(['one', ' two']);
  last.abort(new Error('bye'));
  await ended;
  await step(2);
  expect(told()).toBeLessThanOrEqual(3);
  expect(inner.stats().inFlight).toBe(0);
});

it('an answer that must not come from the cache is not shared with one that may', async () => {
  const inner = new DummyLM(() => TEXT);
  const lm = singleFlight(inner);
  await Promise.all([lm.generate(ask(inner)), lm.generate(ask(inner), { cache: false })]);
  expect(inner.requests).toHaveLength(2);
});

it('lm.stream gives the pieces, and the whole of an answer that came without any', async () => {
  const inner = new DummyLM(() => TEXT, { pieces: 5 });
  const pieces: string[] = [];
  const running = inner.stream(ask(inner));
  for await (const { text } of running) pieces.push(text ?? '');
  expect(pieces).toHaveLength(Math.ceil(TEXT.length / 5));
  expect((await running.result).completions[0]?.text).toBe(TEXT);

  const generate = inner.generate.bind(inner);
  inner.generate = (request) => generate(request);
  const whole: string[] = [];
  for await (const { text } of inner.stream(ask(inner))) whole.push(text ?? '');
  expect(whole).toEqual([TEXT]);
});
