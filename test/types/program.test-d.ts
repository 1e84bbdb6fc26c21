import { Input, Output, Signature } from 'dspex';
import { ChainOfThought } from 'dspex/modules';
import { type CallOptions, Module, Predict, signature } from 'dspex/program';
import { expectTypeOf } from 'vitest';

class Answer extends Signature {
  @Input({ items: String }) readonly passages!: string[];
  @Input() readonly question!: string;
  @Output() answer!: string;
  @Output() confidence!: number;
}

export async function predictors() {
  const predict = new Predict(Answer);

  const { answer, confidence } = await predict.call({ passages: ['p'], question: 'q' });
  expectTypeOf(answer).toEqualTypeOf<string>();
  expectTypeOf(confidence).toEqualTypeOf<number>();

  // @ts-expect-error an input is missing
  await predict.call({ question: 'q' });
  // @ts-expect-error an input has another type
  await predict.call({ passages: 'p', question: 'q' });
  // @ts-expect-error there is no such input
  await predict.call({ passages: [], question: 'q', topic: 't' });
  // @ts-expect-error inputs are needed
  await predict.call();
  // @ts-expect-error there is no such option
  await predict.call({ passages: [], question: 'q' }, { temperature: 1 });
  await predict.call({ passages: [], question: 'q' }, { config: { temperature: 1 }, deadlineMs: 10 });

  const prediction = await predict.call({ passages: [], question: 'q' });
  // @ts-expect-error there is no such output
  void prediction.reason;
  // @ts-expect-error a number is no text
  const text: string = prediction.confidence;
  return text;
}

export async function stringSignatures() {
  const { tags, score } = await new Predict('text, limit: int -> tags: list[str], score: float').call({
    text: 't',
    limit: 3,
  });
  expectTypeOf(tags).toEqualTypeOf<string[]>();
  expectTypeOf(score).toEqualTypeOf<number>();
  // @ts-expect-error the limit is a number
  await new Predict('text, limit: int -> tags: list[str]').call({ text: 't', limit: '3' });
  // @ts-expect-error a string signature needs an arrow
  new Predict('question');
}

export async function specs() {
  const spec = signature('question -> answer: int');
  const { answer } = await new Predict(spec).call({ question: 'q' });
  expectTypeOf(answer).toEqualTypeOf<number>();
}

export async function reasoning() {
  const program = new ChainOfThought(Answer);
  const prediction = await program.call({ passages: [], question: 'q' });
  expectTypeOf(prediction.reasoning).toEqualTypeOf<string>();
  expectTypeOf(prediction.confidence).toEqualTypeOf<number>();
  // @ts-expect-error an input is missing
  await program.call({ passages: [] });
  const short = await new ChainOfThought('question -> answer: float').call({ question: 'q' });
  expectTypeOf(short.reasoning).toEqualTypeOf<string>();
  expectTypeOf(short.answer).toEqualTypeOf<number>();
}

class Program extends Module {
  search = new Predict('question -> query');
  answer = new ChainOfThought(Answer);

  async forward({ question }: { question: string }) {
    const { query } = await this.search.call({ question });
    return this.answer.call({ passages: [query], question });
  }
}

class Nothing extends Module {
  forward() {
    return 3;
  }
}

class Handing extends Module {
  step = new Predict('question -> answer');

  async forward(inputs: { question: string }, options: CallOptions = {}) {
    return (await this.step.call(inputs, options)).answer;
  }
}

export async function programs() {
  const program = new Program();
  const { answer, reasoning: why } = await program.call({ question: 'q' });
  expectTypeOf(answer).toEqualTypeOf<string>();
  expectTypeOf(why).toEqualTypeOf<string>();
  await program.call({ question: 'q' }, { signal: AbortSignal.timeout(10) });
  // @ts-expect-error the question is a text
  await program.call({ question: 1 });
  // @ts-expect-error there is no such input
  await program.call({ question: 'q', k: 3 });
  // @ts-expect-error two arguments at most
  await program.call({ question: 'q' }, {}, {});

  expectTypeOf(await new Nothing().call()).toEqualTypeOf<number>();
  expectTypeOf(await new Handing().call({ question: 'q' }, {})).toEqualTypeOf<string>();

  expectTypeOf(program.clone()).toEqualTypeOf<Program>();
  expectTypeOf(program.with({ maxRepairs: 0 })).toEqualTypeOf<Program>();
  expectTypeOf(await program.load('program.json')).toEqualTypeOf<Program>();
}

export function anyPredictor() {
  const parts: Predict[] = [new Predict(Answer), new Predict('question -> answer')];
  const program = new Program();
  program.mapPredictors((_, path) => (path === 'search' ? new Predict('question -> query') : new Predict(Answer)));
  expectTypeOf(parts[0]?.spec.instructions).toEqualTypeOf<string | undefined>();
  class Positional extends Module {
    // @ts-expect-error a second input is no option of the call
    forward(a: string, b: string) {
      return a + b;
    }
  }
  return Positional;
}
