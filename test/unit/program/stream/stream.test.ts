import { ChatAdapter, JSONAdapter, XMLAdapter } from 'dspex/adapters';
import { context, eventOf, Module, Predict, type StreamEvent, stream } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { describe, expect, it } from 'vitest';

const ANSWER =
  '[[ ## answer ## ]]\nBlue light scatters most.\n\n[[ ## tags ## ]]\n["sky", "light"]\n\n[[ ## completed ## ]]';
const program = () => new Predict('question -> answer, tags: list[str]');

async function eventsOf<E>(source: AsyncIterable<E>): Promise<E[]> {
  const events: E[] = [];
  for await (const event of source) events.push(event);
  return events;
}

const short = (event: StreamEvent): string => {
  if (event.type === 'status') return `${event.path} ${event.phase}`;
  if ('field' in event) return `${event.type} ${event.field}`;
  return event.type;
};
const joined = (events: readonly StreamEvent[], field: string): string =>
  events.map((event) => (event.type === 'field-delta' && event.field === field ? event.text : '')).join('');

describe('a predictor', () => {
  it('tells its fields as they come, then what it cost, then the prediction', async () => {
    const lm = new DummyLM([ANSWER], { pieces: 7 });
    const events = await eventsOf(program().stream({ question: 'q' }, { lm }));
    const kinds = events.map(short).filter((kind, at, all) => kind !== all[at - 1]);
    expect(kinds).toEqual([
      'self start',
      'field-start answer',
      'field-delta answer',
      'field-done answer',
      'field-start tags',
      'field-delta tags',
      'field-done tags',
      'usage',
      'prediction',
      'self end',
      'result',
    ]);
    expect(joined(events, 'answer')).toBe('Blue light scatters most.');
    expect(lm.requests).toHaveLength(1);
  });

  it.each([1, 3, 1000])('gives the same text and values whatever the pieces (%i characters)', async (pieces) => {
    const lm = new DummyLM([ANSWER], { pieces });
    const running = program().stream({ question: 'q' }, { lm });
    const done: Record<string, unknown> = {};
    for await (const event of running) if (event.type === 'field-done') done[event.field] = event.value;
    expect(done).toEqual({ answer: 'Blue light scatters most.', tags: ['sky', 'light'] });
    expect({ ...(await running.result) }).toEqual(done);
  });

  it('shows what has come so far, with lists that are still growing', async () => {
    const seen: unknown[] = [];
    for await (const event of program().stream({ question: 'q' }, { lm: new DummyLM([ANSWER], { pieces: 12 }) })) {
      if (event.type === 'field-delta') seen.push(event.partial);
    }
    expect(seen[0]).toEqual({ answer: expect.stringMatching(/^B/) });
    expect(seen).toContainEqual({ answer: 'Blue light scatters most.', tags: ['sky'] });
    expect(seen.at(-1)).toEqual({ answer: 'Blue light scatters most.', tags: ['sky', 'light'] });
  });

  it('tells the whole text at the end when the adapter reads answers whole', async () => {
    const lm = new DummyLM(['<answer>\nyes\n</answer>\n<tags>a</tags>\n<tags>b</tags>'], { pieces: 9 });
    const events = await eventsOf(program().stream({ question: 'q' }, { lm, adapter: new XMLAdapter() }));
    const texts = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
    expect(texts).toBe('<answer>\nyes\n</answer>\n<tags>a</tags>\n<tags>b</tags>');
    const done = events.flatMap((event) => (event.type === 'field-done' ? [[event.field, event.value]] : []));
    expect(done).toEqual([
      ['answer', 'yes'],
      ['tags', ['a', 'b']],
    ]);
    expect(joined(events, 'answer')).toBe('yes');
  });

  it('tells thinking apart from the answer', async () => {
    const lm = new DummyLM([ANSWER], { reasoning: 'let me see', pieces: 4 });
    const events = await eventsOf(program().stream({ question: 'q' }, { lm }));
    expect(events.map((event) => (event.type === 'reasoning' ? event.text : '')).join('')).toBe('let me see');
  });

  it('announces that an answer does not count before it asks again, as JSON and then with a correction', async () => {
    const lm = new DummyLM(['[[ ## answer ## ]]\nhalf', 'no json', '{"answer": "whole", "tags": []}'], { pieces: 5 });
    const events = await eventsOf(program().stream({ question: 'q' }, { lm, adapter: new ChatAdapter() }));
    const restarts = events.flatMap((event) => (event.type === 'restart' ? [event.reason] : []));
    expect(restarts).toEqual(['fallback', 'repair']);
    const last = events.slice(events.findLastIndex(({ type }) => type === 'restart'));
    expect(joined(last, 'answer')).toBe('whole');
    expect(lm.requests).toHaveLength(3);
  });

  it('streams the first of several completions only', async () => {
    const lm = new DummyLM(['{"answer": "one", "tags": []}', '{"answer": "two", "tags": []}'], { pieces: 3 });
    const running = program().stream({ question: 'q' }, { lm, adapter: new JSONAdapter(), config: { n: 2 } });
    expect(joined(await eventsOf(running), 'answer')).toBe('one');
    expect((await running.result).completions).toHaveLength(2);
  });
});

class Chain extends Module {
  draft = new Predict('topic -> draft');
  steps = [new Predict('draft -> final')];

  async forward({ topic }: { topic: string }) {
    const { draft } = await this.draft.call({ topic });
    const { final } = await (this.steps[0] as Predict<'draft -> final'>).call({ draft });
    return final;
  }
}

describe('a program', () => {
  const answers = () => new DummyLM([{ draft: 'a first try' }, { final: 'a last word' }]);

  it('tells the fields of every predictor inside, by its path', async () => {
    const chain = new Chain();
    const running = stream(chain, { topic: 't' }, { lm: answers() });
    const texts: Record<string, string> = {};
    const typed: string[] = [];
    for await (const event of running) {
      if (event.type === 'field-delta') texts[event.path] = (texts[event.path] ?? '') + event.text;
      const own = eventOf(chain.draft, event);
      if (own?.type === 'field-done') typed.push(`${own.field}: ${own.value?.toUpperCase()}`);
    }
    expect(texts).toEqual({ draft: 'a first try', 'steps[0]': 'a last word' });
    expect(typed).toEqual(['draft: A FIRST TRY']);
    expect(await running.result).toBe('a last word');
  });

  it('tells where it is', async () => {
    const events = await eventsOf(new Chain().stream({ topic: 't' }, { lm: answers() }));
    const steps = events.flatMap((event) => (event.type === 'status' ? [`${event.kind} ${short(event)}`] : []));
    expect(steps).toEqual([
      'module self start',
      'predictor draft start',
      'predictor draft end',
      'predictor steps[0] start',
      'predictor steps[0] end',
      'module self end',
    ]);
  });

  it('streams only what is wanted', async () => {
    const lm = answers();
    const events = await eventsOf(new Chain().stream({ topic: 't' }, { lm, only: ['steps[0]'] }));
    expect(new Set(events.flatMap((event) => ('predictor' in event ? [event.path] : [])))).toEqual(
      new Set(['steps[0]']),
    );
    expect(() => new Chain().stream({ topic: 't' }, { only: ['nothing'] })).toThrow(/draft, steps\[0\]/);
  });

  it('keeps calls of one predictor apart', async () => {
    class Twice extends Module {
      inner = new Predict('a -> b');
      async forward() {
        await Promise.all([this.inner.call({ a: '1' }), this.inner.call({ a: '2' })]);
      }
    }
    const lm = new DummyLM(() => ({ b: 'x y z' }));
    const events = await eventsOf(new Twice().stream({}, { lm }));
    const calls = events.flatMap((event) => (event.type === 'prediction' ? [event.call] : []));
    expect(calls.sort()).toEqual([1, 2]);
  });

  it('shows what it streams itself to the stream around it', async () => {
    class Outer extends Module {
      inner = new Predict('a -> b');
      async forward() {
        return eventsOf(this.inner.stream({ a: '1' }));
      }
    }
    const running = new Outer().stream({}, { lm: new DummyLM([{ b: 'x y z' }], { pieces: 2 }) });
    const outer = await eventsOf(running);
    expect(joined(outer, 'b')).toBe('x y z');
    expect(joined(await running.result, 'b')).toBe('x y z');
  });
});

describe('a reader', () => {
  it('who leaves aborts the call, and the result says so', async () => {
    let stopped: unknown;
    const lm = new DummyLM([ANSWER], { pieces: 1 });
    const running = program().stream({ question: 'q' }, { lm });
    for await (const event of running) {
      if (event.type !== 'field-delta') continue;
      stopped = event.text;
      break;
    }
    expect(stopped).toBe('B');
    await expect(running.result).rejects.toMatchObject({ code: 'STREAM_STOPPED' });
    expect(lm.stats().inFlight).toBe(0);
  });

  it('who aborts by a signal gets its reason in both places', async () => {
    const controller = new AbortController();
    const reason = new Error('gone');
    const running = program().stream({ question: 'q' }, { lm: new DummyLM([ANSWER]), signal: controller.signal });
    const reading = (async () => {
      for await (const { type } of running) if (type === 'field-start') controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
    await expect(running.result).rejects.toBe(reason);
  });

  it('gets the same typed error as the result, after what came before it', async () => {
    const lm = new DummyLM(['[[ ## answer ## ]]\nhalf', 'x', 'y']);
    const running = program().stream({ question: 'q' }, { lm });
    const seen: string[] = [];
    const error = await (async () => {
      for await (const event of running) seen.push(event.type);
    })().catch((e) => e);
    expect(error).toMatchObject({ code: 'ADAPTER_PARSE' });
    expect(seen).toContain('field-delta');
    await expect(running.result).rejects.toBe(error);
  });

  it('who is slow holds the model back', async () => {
    let told = 0;
    const lm = new DummyLM([ANSWER], { pieces: 1 });
    const generate = lm.generate.bind(lm);
    lm.generate = (request, scope = {}) =>
      generate(request, {
        ...scope,
        onDelta: (delta) => {
          told += 1;
          return scope.onDelta?.(delta);
        },
      });
    const iterator = program().stream({ question: 'q' }, { lm, maxEvents: 5 })[Symbol.asyncIterator]();
    await iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toBeLessThan(40);
    const before = told;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next());
    expect(told).toBe(ANSWER.length);
    expect(before).toBeLessThan(told);
  });

  it('need not read when only the result is wanted', async () => {
    const running = program().stream({ question: 'q' }, { lm: new DummyLM([ANSWER], { pieces: 1 }), maxEvents: 3 });
    expect((await running.result).answer).toBe('Blue light scatters most.');
    expect(running.dropped).toBeGreaterThan(10);
  });

  it('reads once', async () => {
    const running = program().stream({ question: 'q' }, { lm: new DummyLM([ANSWER]) });
    await eventsOf(running);
    expect(() => running[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: 'STREAM_TAKEN' }));
  });

  it('hears nothing when nobody streams, though an LM could', async () => {
    const lm = new DummyLM([ANSWER], {
      pieces: () => {
        throw new Error('streamed');
      },
    });
    const answered = await context({ lm }, () => program().call({ question: 'q' }));
    expect(answered.answer).toBe('Blue light scatters most.');
  });
});

it('options of a stream are checked at once', () => {
  const lm = new DummyLM([]);
  expect(() => program().stream({ question: 'q' }, { lm, maxEvents: 0 })).toThrow(/maxEvents/);
  expect(() => program().stream({ question: 'q' }, { lm, onlyy: [] } as never)).toThrow(/onlyy/);
});
