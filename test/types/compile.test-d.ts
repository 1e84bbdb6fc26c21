import {
  BootstrapFewShot,
  BootstrapFewShotWithRandomSearch,
  ChainOfThought,
  example,
  LabeledFewShot,
  Module,
  Predict,
  readJsonl,
} from 'dspex';
import { Evaluate } from 'dspex/evaluate';
import type { Candidate } from 'dspex/teleprompt';
import { describe, expectTypeOf, test } from 'vitest';

class QA extends Module {
  answer = new Predict('question -> answer');
  async forward({ question }: { question: string }) {
    return this.answer.call({ question });
  }
}

const devset = [example({ question: 'q', answer: 'a' }).withInputs('question')];
const metric = (gold: { answer: string }, predicted: { answer: string }) => gold.answer === predicted.answer;

test('a devset, a metric and a program that fit', async () => {
  const result = await new Evaluate({ devset, metric }).call(new QA());
  expectTypeOf(result.score).toEqualTypeOf<number>();
  expectTypeOf(result.results[0]?.example.question).toEqualTypeOf<string | undefined>();
  expectTypeOf(result.results[0]?.prediction?.answer).toEqualTypeOf<string | undefined>();
  await new Evaluate({ devset, metric }).call(new Predict('question -> answer'));
  await new Evaluate({ devset, metric }).call(new ChainOfThought('question -> answer'));
  // without annotations the metric's row is typed
  await new Evaluate({ devset, metric: (gold, predicted) => gold.answer === predicted.answer }).call(new QA());
});

test('a metric that reads an output the program does not give does not compile', () => {
  const other = (_gold: object, predicted: { confidence: number }) => predicted.confidence;
  // @ts-expect-error the program gives no confidence
  () => new Evaluate({ devset, metric: other }).call(new QA());
  const wrongType = (_gold: object, predicted: { answer: number }) => predicted.answer;
  // @ts-expect-error the answer is a string
  () => new Evaluate({ devset, metric: wrongType }).call(new QA());
});

test('a metric that reads a field the rows do not have does not compile', () => {
  const other = (gold: { label: string }, predicted: { answer: string }) => gold.label === predicted.answer;
  // @ts-expect-error the rows have no label
  () => new Evaluate({ devset, metric: other });
});

test('a devset whose inputs do not fit the program does not compile', () => {
  const rows = [example({ query: 'q', answer: 'a' }).withInputs('query')];
  // @ts-expect-error the program wants a question
  () => new Evaluate({ devset: rows, metric }).call(new QA());
  const numbers = [example({ question: 1, answer: 'a' }).withInputs('question')];
  // @ts-expect-error the question is a string
  () => new Evaluate({ devset: numbers, metric }).call(new QA());
});

test('rows whose fields the compiler does not know work, once their inputs are named', async () => {
  const read: Record<string, string>[] = [{ question: 'q', answer: 'a' }];
  const rows = read.map((row) => example(row).withInputs('question'));
  await new Evaluate({
    devset: rows,
    metric: (gold, predicted: { answer: string }) => gold['answer'] === predicted.answer,
  }).call(new QA());
  await new LabeledFewShot().compile(new QA(), { trainset: rows });
  const unknowns: Record<string, unknown>[] = read;
  example(unknowns[0] ?? {})
    .withInputs('question')
    .labels();
});

describe('a devset that is no array', () => {
  interface Row {
    readonly question: string;
    readonly answer: string;
  }
  async function* rows() {
    yield* devset;
  }

  test('is typed as an array is', async () => {
    for (const given of [rows(), new Set(devset), devset.values()])
      await new Evaluate({ devset: given, metric }).call(new QA());
    await new Evaluate({ devset: () => rows(), metric }).call(new QA());
    await new Evaluate({ devset: async () => devset, metric }).call(new QA());
    const read = readJsonl<Row, 'question'>('dev.jsonl', { inputs: ['question'] });
    const { results } = await new Evaluate({ devset: read, metric }).call(new QA());
    expectTypeOf(results[0]?.example.answer).toEqualTypeOf<string | undefined>();
    await new Evaluate({ devset: () => read, metric: (gold, predicted) => gold.answer === predicted.answer }).call(
      new QA(),
    );
    // all fields count as inputs where none are named in the type
    await new Evaluate({ devset: readJsonl<Row>('dev.jsonl', { inputs: ['question'] }), metric }).call(new QA());
  });

  test('read by map has the type that map gives, and its inputs', async () => {
    const read = readJsonl('dev.jsonl', {
      inputs: ['question'],
      map: ({ q, a }) => ({ question: String(q), answer: String(a) }),
    });
    await new Evaluate({ devset: read, metric }).call(new QA());
    readJsonl('dev.jsonl', {
      inputs: ['question'],
      // @ts-expect-error map gives no question
      map: ({ q }) => ({ query: String(q) }),
    });
  });

  test('that does not fit does not compile', () => {
    // @ts-expect-error the rows have no input of that name
    () => readJsonl<Row>('dev.jsonl', { inputs: ['query'] });
    const other = readJsonl<{ query: string; answer: string }, 'query'>('dev.jsonl', { inputs: ['query'] });
    // @ts-expect-error the program wants a question
    () => new Evaluate({ devset: other, metric }).call(new QA());
    // @ts-expect-error a text is no devset
    () => new Evaluate({ devset: 'dev.jsonl', metric });
    const optimizer = new BootstrapFewShot({ metric });
    // @ts-expect-error optimizers take arrays
    () => optimizer.compile(new QA(), { trainset: rows() });
  });
});

test('plain records without inputs are no devset', () => {
  // @ts-expect-error rows are made by example(...)
  () => new Evaluate({ devset: [{ question: 'q', answer: 'a' }], metric });
});

describe('compiling', () => {
  const trainset = devset;
  const optimizer = new BootstrapFewShot({ metric });

  test('gives a program of the same class', () => {
    expectTypeOf(optimizer.compile(new QA(), { trainset })).resolves.toEqualTypeOf<QA>();
    expectTypeOf(new LabeledFewShot().compile(new QA(), { trainset })).resolves.toEqualTypeOf<QA>();
    expectTypeOf(
      optimizer.start(new QA(), { trainset, valset: devset, teacher: new QA() }).result,
    ).resolves.toEqualTypeOf<QA>();
    const search = new BootstrapFewShotWithRandomSearch({ metric }).compile(new QA(), { trainset });
    expectTypeOf(search).resolves.toExtend<QA>();
    expectTypeOf(search.then((program) => program.candidates[0])).resolves.toExtend<Candidate<QA> | undefined>();
    expectTypeOf(optimizer.compile(new Predict('question -> answer'), { trainset })).resolves.toExtend<Predict>();
    expectTypeOf(optimizer.compile(new ChainOfThought('question -> answer'), { trainset })).resolves.toExtend<Module>();
  });

  test('with a trainset whose inputs do not fit the program does not compile', () => {
    const rows = [example({ query: 'q', answer: 'a' }).withInputs('query')];
    // @ts-expect-error the program wants a question
    () => optimizer.compile(new QA(), { trainset: rows });
    // @ts-expect-error the program wants a question
    () => new LabeledFewShot().compile(new QA(), { trainset: rows });
    // @ts-expect-error the program wants a question
    () => optimizer.compile(new QA(), { trainset, valset: rows });
    const numbers = [example({ question: 1, answer: 'a' }).withInputs('question')];
    // @ts-expect-error the question is a string
    () => optimizer.compile(new QA(), { trainset: numbers });
    // @ts-expect-error rows are made by example(...)
    () => optimizer.compile(new QA(), { trainset: [{ question: 'q', answer: 'a' }] });
  });

  test('with a metric that reads a label the trainset does not have does not compile', () => {
    const other = (gold: { label: string }, predicted: { answer: string }) => gold.label === predicted.answer;
    // @ts-expect-error the rows have no label
    () => new BootstrapFewShot({ metric: other }).compile(new QA(), { trainset });
  });

  test('with a metric that reads an output the program does not give does not compile', () => {
    const other = (_gold: object, predicted: { confidence: number }) => predicted.confidence;
    // @ts-expect-error the program gives no confidence
    () => new BootstrapFewShot({ metric: other }).compile(new QA(), { trainset });
    // @ts-expect-error the program gives no confidence
    () => new BootstrapFewShotWithRandomSearch({ metric: other }).compile(new QA(), { trainset });
  });

  test('needs a metric to search by', () => {
    // @ts-expect-error a search without a metric cannot choose
    () => new BootstrapFewShotWithRandomSearch({});
  });
});
