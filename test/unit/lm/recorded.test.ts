import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ContextWindowExceededError,
  context,
  DamagedRecordingError,
  type LM,
  LMError,
  LMRateLimitError,
  type LMRequest,
  LMServerError,
  LMTimeoutError,
  Predict,
  RecordingNotFoundError,
  RecordingWriteError,
  UnknownRecordingError,
} from 'dspex';
import { composeLM, LMLayer, OpenAICompatible, type RecordedOptions, recorded } from 'dspex/clients';
import { DummyLM } from 'dspex/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallScope } from '../../../src/core/ports/lm';
import type { LMDelta } from '../../../src/core/primitives/lm-delta';

let folder: string;
let path: string;
const open: LM[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dspex-recorded-'));
  path = join(folder, 'calls', 'file.jsonl');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const lm of open.splice(0)) await lm.close().catch(() => undefined);
  await rm(folder, { recursive: true });
});

/** Answers with a number that grows, and remembers what it was asked. */
class Counting extends LMLayer {
  readonly asked: LMRequest[] = [];

  constructor(private readonly fail?: (nth: number) => Error | undefined) {
    super(new DummyLM(() => 'x'));
  }

  override async generate(request: LMRequest, scope: CallScope = {}) {
    scope.signal?.throwIfAborted();
    const nth = this.asked.push(request);
    const failure = this.fail?.(nth);
    if (failure !== undefined) throw failure;
    const response = await super.generate(request, scope);
    return Object.freeze({ ...response, completions: [{ text: `answer ${nth}`, finishReason: 'stop' as const }] });
  }
}

function make(inner: LM, options: RecordedOptions = {}): LM {
  const lm = recorded(inner, path, options);
  open.push(lm);
  return lm;
}

const forbidden = () =>
  new Counting(() => {
    throw new Error('the LM was asked in a replay');
  });
const say = (lm: LM, content: string, scope: CallScope = {}, rolloutId?: number) =>
  lm.generate(lm.createRequest([{ role: 'user', content }], { temperature: 0 }, rolloutId), scope);
const text = async (answer: ReturnType<typeof say>) => (await answer).completions[0]?.text;
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );
const lines = async () => (await readFile(path, 'utf8')).trimEnd().split('\n');

describe('record, then replay', () => {
  test('gives the same answers, and asks nobody', async () => {
    const inner = new Counting();
    const first = make(inner, { mode: 'record' });
    expect(await text(say(first, 'a'))).toBe('answer 1');
    expect(await text(say(first, 'b'))).toBe('answer 2');
    await first.close();
    expect(await lines()).toHaveLength(3);

    const again = make(forbidden(), { mode: 'replay' });
    const answer = await say(again, 'b');
    expect(answer).toMatchObject({ cached: true, attempts: 0, usage: { calls: 0, cachedCalls: 1, inputTokens: 0 } });
    expect(Object.isFrozen(answer)).toBe(true);
    expect(answer.completions[0]?.text).toBe('answer 2');
    expect(await text(say(again, 'a'))).toBe('answer 1');
    expect(again.stats()).toMatchObject({ cacheHits: 2, requests: 0 });
  });

  test('gives several answers to one request in their order, and then the last one again', async () => {
    const first = make(new Counting(), { mode: 'record' });
    for (let i = 0; i < 3; i++) await say(first, 'a');
    await say(first, 'a', {}, 7);
    await first.close();
    const again = make(forbidden(), { mode: 'replay' });
    const texts: unknown[] = [];
    for (let i = 0; i < 5; i++) texts.push(await text(say(again, 'a')));
    expect(texts).toEqual(['answer 1', 'answer 2', 'answer 3', 'answer 3', 'answer 3']);
    expect(await text(say(again, 'a', {}, 7))).toBe('answer 4');
  });

  test('many calls at once are whole lines, all of them', async () => {
    const first = make(new Counting(), { mode: 'record' });
    const texts = await Promise.all(
      Array.from({ length: 200 }, (_, n) => text(say(first, `q${n} ${'x'.repeat(2000)}`))),
    );
    await first.close();
    const again = make(forbidden(), { mode: 'replay' });
    const replayed = await Promise.all(
      Array.from({ length: 200 }, (_, n) => text(say(again, `q${n} ${'x'.repeat(2000)}`))),
    );
    expect(replayed).toEqual(texts);
  });

  test('two recorders of one file do not spoil it', async () => {
    const [a, b] = [make(new Counting(), { mode: 'record' }), make(new Counting(), { mode: 'record' })];
    await Promise.all(Array.from({ length: 40 }, (_, n) => say(n % 2 === 0 ? a : b, `q${n}`)));
    await Promise.all([a.close(), b.close()]);
    const again = make(forbidden(), { mode: 'replay' });
    for (let n = 0; n < 40; n++) expect((await say(again, `q${n}`)).cached).toBe(true);
  });

  test('a program over a whole stack, without a key and without a server', async () => {
    const answers = () => new DummyLM(() => '[[ ## a ## ]]\nyes\n\n[[ ## completed ## ]]');
    const first = make(composeLM(answers()), { mode: 'record' });
    const program = new Predict('q -> a');
    await context({ lm: first }, () => program.call({ q: 'well?' }));
    await first.close();
    const again = make(composeLM(forbidden()), { mode: 'replay' });
    const { a } = await context({ lm: again }, () => program.call({ q: 'well?' }));
    expect(a).toBe('yes');
  });

  test('tells a recorded answer in pieces', async () => {
    const first = make(new Counting(), { mode: 'record' });
    await say(first, 'a');
    await first.close();
    const again = make(forbidden(), { mode: 'replay' });
    const told: LMDelta[] = [];
    await say(again, 'a', { onDelta: (delta) => void told.push(delta) });
    expect(told.length).toBeGreaterThan(1);
    expect(told.map((delta) => delta.text).join('')).toBe('answer 1');
    // Whoever leaves in the middle is let go.
    const leaving = new AbortController();
    const reason = new Error('left');
    const left = say(again, 'a', { signal: leaving.signal, onDelta: () => leaving.abort(reason) });
    expect(await failureOf(left)).toBe(reason);
  });
});

describe('failures', () => {
  const details = { model: 'm', endpoint: 'http://localhost', status: 429, retryAfterMs: 5, requestId: 'r1' };

  test('are replayed with class, message and facts, each time as a new error', async () => {
    const original = Object.assign(new LMRateLimitError('slow down', details), { attempts: 3 });
    const first = make(new Counting(() => original), { mode: 'record' });
    expect(await failureOf(say(first, 'a'))).toBe(original);
    await first.close();
    const again = make(forbidden(), { mode: 'replay' });
    const [one, two] = [await failureOf(say(again, 'a')), await failureOf(say(again, 'a'))];
    expect(one).toBeInstanceOf(LMRateLimitError);
    expect(one.message).toBe(original.message);
    expect(one.details).toEqual(original.details);
    expect(one.attempts).toBe(0);
    expect(two).not.toBe(one);
  });

  test('of the moment are not kept by auto, lasting ones are', async () => {
    const inner = new Counting((nth) =>
      nth === 1 ? new LMServerError('down') : nth === 2 ? new ContextWindowExceededError('too long') : undefined,
    );
    const lm = make(inner);
    expect(await failureOf(say(lm, 'a'))).toBeInstanceOf(LMServerError);
    expect(await failureOf(say(lm, 'b'))).toBeInstanceOf(ContextWindowExceededError);
    expect(await failureOf(say(lm, 'b'))).toBeInstanceOf(ContextWindowExceededError);
    expect(await text(say(lm, 'a'))).toBe('answer 3');
    expect(inner.asked).toHaveLength(3);
  });

  test('that no recording can bring back are passed on and not written', async () => {
    class Own extends LMTimeoutError {}
    const failures = [new TypeError('a bug'), new Own('special')];
    const lm = make(new Counting((nth) => failures[nth - 1]), { mode: 'record' });
    expect(await failureOf(say(lm, 'a'))).toBe(failures[0]);
    expect(await failureOf(say(lm, 'a'))).toBe(failures[1]);
    await say(lm, 'a');
    await lm.close();
    expect(await lines()).toHaveLength(2);
  });
});

describe('an unknown call', () => {
  test('in a replay is an error that shows the nearest recorded request', async () => {
    const first = make(new Counting(), { mode: 'record' });
    await say(first, 'Name a colour.\nIn one word.');
    await say(first, 'Something else.');
    await first.close();
    const again = make(forbidden(), { mode: 'replay' });
    const error = await failureOf(say(again, 'Name a colour.\nIn two words.'));
    expect(error).toBeInstanceOf(UnknownRecordingError);
    expect(error).toBeInstanceOf(LMError);
    expect(error).toMatchObject({ retryable: false, attempts: 0, path });
    expect(error.difference).toBe('  Name a colour.\n- In one word.\n+ In two words.');
    expect(error.message).toContain(error.difference);
  });

  test('names what is different in the options too', async () => {
    const first = make(new Counting(), { mode: 'record' });
    await say(first, 'a');
    await first.close();
    const again = make(forbidden(), { mode: 'replay' });
    const error = await failureOf(
      again.generate(again.createRequest([{ role: 'user', content: 'a' }], { temperature: 1 })),
    );
    expect(error.difference).toContain('- temperature: 0\n+ temperature: 1');
  });

  test('and one in an empty recording say so, in bounded texts', async () => {
    const first = make(new Counting(), { mode: 'record' });
    await say(first, `${'long '.repeat(1000)}\n`.repeat(500));
    await first.close();
    const again = make(forbidden(), { mode: 'replay' });
    const error = await failureOf(say(again, 'a'));
    expect(error.message.length).toBeLessThan(40_000);
    await writeFile(path, '{"format":"dspex recording","version":1}\n');
    const empty = await failureOf(say(make(forbidden(), { mode: 'replay' }), 'a'));
    expect(empty.message).toContain('has no calls');
  });

  test('is asked and added by auto', async () => {
    const inner = new Counting();
    const lm = make(inner);
    expect(await text(say(lm, 'a'))).toBe('answer 1');
    expect(await text(say(lm, 'a'))).toBe('answer 1');
    await lm.close();
    const next = make(new Counting());
    expect(await text(say(next, 'a'))).toBe('answer 1');
    expect((await say(next, 'b')).cached).toBe(false);
    await next.close();
    expect(await lines()).toHaveLength(3);
  });
});

describe('the file', () => {
  async function recordTwo(): Promise<void> {
    const lm = make(new Counting(), { mode: 'record' });
    await say(lm, 'a');
    await say(lm, 'b');
    await lm.close();
  }

  test('that is not there cannot be replayed', async () => {
    const error = await failureOf(say(make(forbidden(), { mode: 'replay' }), 'a'));
    expect(error).toBeInstanceOf(RecordingNotFoundError);
  });

  test('cut at any byte loses no call but the last, and takes further ones', async () => {
    await recordTwo();
    const whole = await readFile(path);
    const header = whole.indexOf(10) + 1;
    const second = whole.indexOf(10, header) + 1;
    for (let at = 0; at < whole.length; at += at < 60 ? 1 : 37) {
      await writeFile(path, whole.subarray(0, at));
      const inner = new Counting();
      const lm = make(inner);
      await say(lm, 'a');
      await say(lm, 'b');
      await lm.close();
      // The last call of a line without its end is whole all the same.
      expect(inner.asked.length, `cut at ${at}`).toBe(at >= second - 1 ? 1 : 2);
      const again = make(forbidden(), { mode: 'replay' });
      expect((await say(again, 'a')).cached && (await say(again, 'b')).cached).toBe(true);
      await again.close();
    }
  });

  test('damaged elsewhere is refused with its line, before anything is sent', async () => {
    await recordTwo();
    const [header, first, second] = await lines();
    const inner = new Counting();
    for (const [content, line, problem] of [
      [[header, first?.slice(0, -9), second], 2, 'JSON'],
      [[header, first, '{"key":"x"}', second], 3, 'key'],
      [[header, '[]', second], 2, 'object'],
      [[header, first?.replace('"text":"answer 1"', '"text":5'), second], 2, 'neither'],
      [[first, second], 1, 'header'],
      [['{"format":"dspex recording","version":2}', first], 1, 'version'],
    ] as const) {
      await writeFile(path, `${content.join('\n')}\n`);
      const error = await failureOf(say(make(inner), 'c'));
      expect(error).toBeInstanceOf(DamagedRecordingError);
      expect(error.line).toBe(line);
      expect(error.message).toContain(problem);
    }
    expect(inner.asked).toEqual([]);
  });

  test('with a hostile line changes no prototype', async () => {
    await recordTwo();
    const [header, first] = await lines();
    await writeFile(path, `${header}\n${first?.replace('{', '{"__proto__":{"polluted":1},')}\n`);
    expect(await text(say(make(forbidden(), { mode: 'replay' }), 'a'))).toBe('answer 1');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('is kept by record and emptied by fresh', async () => {
    await recordTwo();
    await recordTwo();
    expect(await lines()).toHaveLength(5);
    const lm = make(new Counting(), { mode: 'auto', fresh: true });
    await say(lm, 'a');
    await lm.close();
    expect(await lines()).toHaveLength(2);
  });

  test('that cannot be written costs no answer, is warned of once, and close says so', async () => {
    const warn = vi.fn();
    const logger = { ...console, warn } as never;
    await writeFile(join(folder, 'calls'), 'a file where a folder should be');
    const lm = recorded(new Counting(), path, { mode: 'record', fresh: true });
    await context({ logger }, async () => {
      expect(await text(say(lm, 'a'))).toBe('answer 1');
      await say(lm, 'b');
    });
    expect(warn).toHaveBeenCalledTimes(1);
    await expect(lm.close()).rejects.toBeInstanceOf(RecordingWriteError);
  });

  test('holds no secret of the environment, and none that redact removes, however JSON escapes it', async () => {
    vi.stubEnv('SOME_API_KEY', 'canary-"quoted"-key');
    const lm = make(new Counting(), { mode: 'record', redact: (one) => one.replaceAll('Ada Lovelace', '[name]') });
    await say(lm, 'My key is canary-"quoted"-key, I am Ada Lovelace.');
    await lm.close();
    const written = await readFile(path, 'utf8');
    expect(written).toContain('My key is [redacted], I am [name].');
    expect(written).not.toMatch(/canary|quoted|Lovelace/u);
    // The key of the request is that of what was asked.
    const again = make(forbidden(), { mode: 'replay' });
    expect((await say(again, 'My key is canary-"quoted"-key, I am Ada Lovelace.')).cached).toBe(true);
    const error = await failureOf(say(again, 'My key is canary-"quoted"-key, and I am lost.'));
    expect(error.message).not.toMatch(/canary|quoted/u);
  });

  test('is not touched before the first call', async () => {
    await make(new Counting(), { mode: 'record', fresh: true }).close();
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });
});

test('options that are none are refused', () => {
  const lm = new OpenAICompatible({ model: 'm', baseUrl: 'http://127.0.0.1:9' });
  const wrong: unknown[] = [
    { mode: 'play' },
    { mode: 'replay', fresh: true },
    { fresh: 1 },
    { redact: /x/u },
    { file: 'x' },
  ];
  for (const options of wrong) expect(() => recorded(lm, path, options as never)).toThrow(/recorded/u);
  expect(() => recorded(lm, '')).toThrow('the path of a file');
});

test('a line that is added behind a torn one stands on its own', async () => {
  const lm = make(new Counting(), { mode: 'record' });
  await say(lm, 'a');
  await lm.close();
  await appendFile(path, '{"key":"torn');
  const next = make(new Counting());
  await say(next, 'b');
  await next.close();
  for (const line of await lines()) expect(() => JSON.parse(line)).not.toThrow();
});
