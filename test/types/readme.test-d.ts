import { Max, Min } from 'class-validator';
import {
  BootstrapFewShot,
  ChainOfThought,
  configure,
  context,
  Evaluate,
  example,
  Input,
  Instructions,
  inspectHistory,
  lm,
  Module,
  Output,
  Predict,
  Signature,
} from 'dspex';
import { expectTypeOf, test } from 'vitest';

@Instructions('Answer in one word.')
class QA extends Signature {
  @Input() readonly question!: string;
  @Output({ desc: 'one word' }) answer!: string;
  @Output({ oneOf: ['a', 'b'] }) label!: 'a' | 'b';
  @Output({ items: String }) facts!: string[];
  @Output() @Min(0) @Max(1) p!: number;
}

class RAG extends Module {
  answer = new ChainOfThought(QA);

  async forward({ question }: { question: string }) {
    return this.answer.call({ question });
  }
}

test("every line of the README's comparison compiles, and has the type it shows", async () => {
  configure({ lm: lm('openai/gpt-5-mini') });
  const rag = new RAG();
  const prediction = await context({ lm: lm('openai/gpt-5') }, () => rag.call({ question: '...' }));
  expectTypeOf(prediction.answer).toEqualTypeOf<string>();
  expectTypeOf(prediction.label).toEqualTypeOf<'a' | 'b'>();
  expectTypeOf(prediction.facts).toEqualTypeOf<string[]>();
  expectTypeOf(prediction.p).toEqualTypeOf<number>();
  expectTypeOf(prediction.reasoning).toEqualTypeOf<string>();

  const { answer } = await new Predict('question -> answer: float').call({ question: '...' });
  expectTypeOf(answer).toEqualTypeOf<number>();

  const trainset = [example({ question: '...', answer: '...' }).withInputs('question')];
  const metric = (gold: { answer: string }, predicted: { answer: string }) => gold.answer === predicted.answer;
  const { score } = await new Evaluate({ devset: trainset, metric, concurrency: 8 }).call(rag);
  expectTypeOf(score).toEqualTypeOf<number>();
  const better = await new BootstrapFewShot({ metric }).compile(rag, { trainset });
  expectTypeOf(better).toEqualTypeOf<RAG>();
  await better.save('rag.json');
  await rag.load('rag.json');
  expectTypeOf(inspectHistory(1)).toEqualTypeOf<string>();
});
