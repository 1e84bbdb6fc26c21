import { ChainOfThought } from 'dspex/modules';
import { context, Module, Predict, PrivateFieldsError, SeveralLMsError, withTrace } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { describe, expect, test } from 'vitest';

const step = () => new Predict('question -> answer');

class Parts extends Module {
  first = step();
  nested = new ChainOfThought('question -> answer');
  list = [step(), new ChainOfThought('question -> answer'), 'text'];
  map = new Map<string, unknown>([['a key', step()]]);
  plain = { b: step(), deeper: { unseen: step() } };
  again = this.first;
  note = 'no module';

  get computed() {
    return step();
  }

  override async forward({ question }: { question: string }) {
    return this.first.call({ question });
  }
}

describe('the predictors of a program', () => {
  test('have the names and the order of the reference', () => {
    expect(new Parts().namedPredictors().map(([path]) => path)).toEqual([
      'first',
      'nested.predict',
      'list[0]',
      'list[1].predict',
      "map['a key']",
      "plain['b']",
    ]);
  });

  test('a predictor is called self', () => {
    const predict = step();
    expect(predict.namedPredictors()).toEqual([['self', predict]]);
  });

  test('follow the order of assignment, parameter properties first', () => {
    class Injected extends Module {
      own = step();
      constructor(readonly given: Predict) {
        super();
      }
      override forward() {}
    }
    expect(new Injected(step()).namedPredictors().map(([path]) => path)).toEqual(['given', 'own']);
  });

  test('of a compiled part stay visible, and are left out on request', () => {
    const parts = new Parts();
    parts.nested.markCompiled();
    expect(parts.namedPredictors().map(([path]) => path)).toContain('nested.predict');
    expect(parts.namedPredictors({ skipCompiled: true }).map(([path]) => path)).not.toContain('nested.predict');
  });

  test('of a program that contains itself are found once', () => {
    class Loop extends Module {
      step = step();
      self: Module = this;
      override forward() {}
    }
    expect(new Loop().namedPredictors().map(([path]) => path)).toEqual(['step']);
  });
});

test('every module inside is named breadth first, as in the reference', () => {
  expect(new Parts().namedSubModules().map(([path]) => path)).toEqual([
    'self',
    'self.first',
    'self.nested',
    'self.nested.predict',
    'self.list[0]',
    'self.list[1]',
    'self.map[a key]',
    'self.plain[b]',
    'self.list[1].predict',
    'self.plain[deeper][unseen]',
  ]);
});

test('mapPredictors replaces a shared predictor at every place', () => {
  const parts = new Parts();
  const paths: string[] = [];
  const made = step();
  parts.mapPredictors((predictor, path) => {
    paths.push(path);
    return path === 'first' ? made : predictor;
  });
  expect([parts.first, parts.again]).toEqual([made, made]);
  expect(paths).toHaveLength(6);
});

test('an LM is pinned on all predictors at once and read back', () => {
  const parts = new Parts();
  const lm = new DummyLM([], { model: 'one' });
  expect(parts.getLM()).toBeUndefined();
  expect(parts.setLM(lm).getLM()).toBe(lm);
  parts.first.lm = new DummyLM([], { model: 'two' });
  expect(() => parts.getLM()).toThrow(SeveralLMsError);
  expect(() => parts.getLM()).toThrow(/two, one/);
});

describe('a copy of a program', () => {
  test('has predictors of its own, everywhere', () => {
    const parts = new Parts();
    const copy = parts.clone();
    const originals = new Set(parts.namedSubModules().map(([, module]) => module));
    expect(copy).toBeInstanceOf(Parts);
    expect(copy.namedSubModules().map(([path]) => path)).toEqual(parts.namedSubModules().map(([path]) => path));
    expect(copy.namedSubModules().filter(([, module]) => originals.has(module))).toEqual([]);
  });

  test('is not changed with the original, nor the original with it', () => {
    const parts = new Parts();
    const copy = parts.clone();
    copy.first.demos = [{ question: 'Q', answer: 'A' }];
    copy.nested.predict.spec = copy.nested.predict.spec.withInstructions('Other.');
    copy.list.push('more');
    parts.map.set('another', step());
    expect(parts.first.demos).toEqual([]);
    expect(parts.nested.predict.spec.instructions).not.toBe('Other.');
    expect(parts.list).toHaveLength(3);
    expect(copy.map.size).toBe(1);
  });

  test('keeps what was shared shared, inside the copy', () => {
    const copy = new Parts().clone();
    expect(copy.again).toBe(copy.first);
  });

  test('shares demos and everything that is no module', () => {
    class Holds extends Module {
      step = step();
      client = { url: 'x' };
      rows = [1, 2];
      override forward() {}
    }
    const holds = new Holds();
    holds.step.demos = [{ question: 'Q', answer: 'A' }];
    const copy = holds.clone();
    expect(copy.client).toBe(holds.client);
    expect(copy.rows).toBe(holds.rows);
    expect(copy.step.demos).toBe(holds.step.demos);
  });

  test('is still marked as compiled', () => {
    expect(new Parts().markCompiled().clone().compiled).toBe(true);
  });

  test('of a class with #private fields needs recreate(), and the error says so', () => {
    class Secretive extends Module {
      step = step();
      #secret = 'x';
      override forward() {
        return this.#secret;
      }
    }
    expect(() => new Secretive().clone()).toThrow(PrivateFieldsError);
    expect(() => new Secretive().clone()).toThrow(/Secretive has #private fields.*recreate\(\)/);
  });

  test('of a class with recreate() keeps private fields and what was learnt', async () => {
    class Secretive extends Module {
      step = step();
      #secret: string;
      constructor(secret: string) {
        super();
        this.#secret = secret;
      }
      override recreate() {
        return new Secretive(this.#secret) as this;
      }
      override async forward() {
        return this.#secret;
      }
    }
    const original = new Secretive('kept');
    original.step.demos = [{ question: 'Q', answer: 'A' }];
    const copy = original.clone();
    expect(await copy.call()).toBe('kept');
    expect(copy.step.demos).toBe(original.step.demos);
    expect(copy.step).not.toBe(original.step);
  });

  test('that is reset has forgotten demos and LMs, but for its compiled parts', () => {
    const parts = new Parts();
    parts.setLM(new DummyLM([]));
    parts.nested.markCompiled();
    for (const predictor of parts.predictors()) predictor.demos = [{ question: 'Q', answer: 'A' }];
    parts.first.spec = parts.first.spec.withInstructions('Kept.');
    const copy = parts.resetCopy();
    expect(copy.first.demos).toEqual([]);
    expect(copy.first.lm).toBeUndefined();
    expect(copy.first.spec.instructions).toBe('Kept.');
    expect(copy.nested.predict.demos).toHaveLength(1);
    expect(parts.first.demos).toHaveLength(1);
  });
});

test('a trace holds the calls in the order they ended, with the very predictors', async () => {
  class Two extends Module {
    a = step();
    b = step();
    override async forward({ question }: { question: string }) {
      await this.b.call({ question: `${question}!` });
      return this.a.call({ question });
    }
  }
  const two = new Two();
  const lm = new DummyLM([{ answer: 'B' }, { answer: 'A' }]);
  const { result, trace } = await context({ lm }, () => withTrace(() => two.call({ question: 'Q' })));
  expect(trace.map(({ predictor, inputs }) => [predictor, inputs])).toEqual([
    [two.b, { question: 'Q!' }],
    [two.a, { question: 'Q' }],
  ]);
  expect(trace[1]?.prediction).toBe(result);
});

test('a trace inside a trace keeps its steps to itself', async () => {
  const lm = new DummyLM([{ answer: 'inner' }, { answer: 'outer' }]);
  const predict = step();
  const { trace, result } = await context({ lm }, () =>
    withTrace(async () => {
      const inner = await withTrace(() => predict.call({ question: 'Q' }));
      await predict.call({ question: 'Q' });
      return inner.trace.length;
    }),
  );
  expect(result).toBe(1);
  expect(trace.map((taken) => taken.prediction['answer'])).toEqual(['outer']);
});

test('options of a call reach every predictor inside', async () => {
  const lm = new DummyLM(() => ({ answer: 'A' }));
  const parts = new Parts();
  parts.setLM(new DummyLM([]));
  await parts.call({ question: 'Q' }, { lm, config: { temperature: 0.9, rolloutId: 3 } });
  expect(lm.requests[0]).toMatchObject({ options: { temperature: 0.9 }, rolloutId: 3 });
});
