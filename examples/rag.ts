// Retrieval-augmented generation: the retriever and the LM come from an Inversify container.
// Run: npx ts-node examples/rag.ts
//
// Answers are scripted unless DSPEX_LM names a model, for example DSPEX_LM=openai/gpt-5-mini with OPENAI_API_KEY set.

import { Max, Min } from 'class-validator';
import { ChainOfThought, Input, Instructions, LM, Module, Output, Predict, Retriever, Signature } from 'dspex';
import { dspex, programs } from 'dspex/container';
import { Container, inject } from 'inversify';
import { BM25Retriever } from './rag/bm25-retriever';
import { libraryLM, QUESTIONS } from './rag/library-lm';
import { PASSAGES } from './rag/passages';

@Instructions('Answer the question from the passages, in a few words.')
class AnswerFromPassages extends Signature {
  @Input({ items: String }) readonly passages!: string[];
  @Input() readonly question!: string;
  @Output({ desc: 'one to five words' }) answer!: string;
  @Output({ oneOf: ['stated', 'inferred', 'missing'] }) basis!: 'stated' | 'inferred' | 'missing';
  @Output() @Min(0) @Max(1) confidence!: number;
}

class RAG extends Module {
  readonly search = new Predict('question -> query');
  readonly answer = new ChainOfThought(AnswerFromPassages);

  constructor(@inject(Retriever) private readonly retriever: Retriever) {
    super();
  }

  async forward({ question }: { question: string }) {
    const { query } = await this.search.call({ question });
    const passages = [...(await this.retriever.retrieve(query, { k: 2 }))];
    const prediction = await this.answer.call({ passages, question });
    return { query, passages, ...prediction };
  }
}

async function main(): Promise<void> {
  const house = dspex();
  const container = new Container();
  container.load(house, programs(RAG));
  container.bind(Retriever).toConstantValue(new BM25Retriever(PASSAGES));
  const scripted = process.env['DSPEX_LM'] === undefined;
  if (scripted) container.bind(LM).toConstantValue(libraryLM());
  console.log(scripted ? 'Model: a script (set DSPEX_LM to ask a real one)' : `Model: ${process.env['DSPEX_LM']}`);

  const rag = container.get(RAG);
  for (const question of process.argv[2] === undefined ? QUESTIONS : [process.argv[2]]) {
    const { query, passages, answer, basis, confidence } = await rag.call({ question });
    console.log(`\nQuestion: ${question}\nSearched: ${query}`);
    for (const passage of passages) console.log(`  - ${passage.slice(0, 90)}...`);
    console.log(`Answer:   ${answer} (${basis}, confidence ${confidence})`);
  }

  container.unbindAll();
  await house.closed();
}

main().catch((error: unknown) => {
  console.error(String(error));
  process.exitCode = 1;
});
