import type { Prediction } from 'dspex';
import { ChainOfThought } from 'dspex/modules';
import { type CallStream, type DeepPartial, eventOf, Module, Predict, stream } from 'dspex/program';
import { expectTypeOf } from 'vitest';

type Outputs = { answer: string; tags: string[] };
const predict = new Predict('question -> answer, tags: list[str]');

export async function predictors() {
  for await (const event of predict.stream({ question: 'q' })) {
    if (event.type === 'field-done' && event.field === 'tags') {
      expectTypeOf(event.value).toEqualTypeOf<string[] | undefined>();
    }
    if (event.type === 'field-done' && event.field === 'answer') {
      expectTypeOf(event.value).toEqualTypeOf<string | undefined>();
    }
    if (event.type === 'field-delta') {
      expectTypeOf(event.field).toEqualTypeOf<'answer' | 'tags'>();
      expectTypeOf(event.partial).toEqualTypeOf<DeepPartial<Outputs>>();
      expectTypeOf(event.partial.tags).toEqualTypeOf<readonly string[] | undefined>();
    }
    if (event.type === 'prediction') expectTypeOf(event.prediction.answer).toEqualTypeOf<string>();
    // @ts-expect-error there is no such event
    if (event.type === 'nothing') return;
  }
  const running = stream(predict, { question: 'q' });
  expectTypeOf((await running.result).tags).toEqualTypeOf<string[]>();
  // @ts-expect-error an input is missing
  predict.stream({});
  // @ts-expect-error there is no such option
  predict.stream({ question: 'q' }, { onlyy: [] });
}

class Program extends Module {
  step = new Predict('topic -> draft, score: float');
  private hidden = new Predict('draft -> final');

  async forward({ topic }: { topic: string }): Promise<number> {
    await this.hidden.call({ draft: topic });
    return (await this.step.call({ topic })).score;
  }
}

export async function programs() {
  const program = new Program();
  const running = program.stream({ topic: 't' });
  expectTypeOf(running.result).toEqualTypeOf<Promise<number>>();
  for await (const event of running) {
    if (event.type === 'field-done') expectTypeOf(event.value).toEqualTypeOf<unknown>();
    if (event.type === 'result') expectTypeOf(event.result).toEqualTypeOf<number>();
    const own = eventOf(program.step, event);
    if (own?.type === 'field-done' && own.field === 'score') {
      expectTypeOf(own.value).toEqualTypeOf<number | undefined>();
    }
  }
  // @ts-expect-error the topic is a text
  program.stream({ topic: 1 });
}

export function others() {
  const program = new ChainOfThought('question -> answer');
  expectTypeOf(program.stream({ question: 'q' })).toExtend<AsyncIterable<{ readonly type: string }>>();
  expectTypeOf(predict.stream({ question: 'q' })).toExtend<CallStream<unknown, Prediction<Outputs>>>();
}
