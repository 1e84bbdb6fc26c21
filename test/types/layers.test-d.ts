import { Budget, Embedder, LM } from 'dspex';
import {
  composeEmbedder,
  composeLM,
  composeRetriever,
  fallback,
  hedged,
  pool,
  recorded,
  resilient,
} from 'dspex/clients';
import { DummyLM } from 'dspex/testing';
import { expectTypeOf, test } from 'vitest';

const one: LM = new DummyLM([]);

test('every layer is an LM around an LM', () => {
  expectTypeOf(
    composeLM(one, { resilience: { preset: 'job', breaker: { preset: 'strict', failures: 2 } } }),
  ).toExtend<LM>();
  expectTypeOf(fallback(one, hedged(one), { contextWindow: true })).toExtend<LM>();
  expectTypeOf(pool([recorded(one, 'calls.jsonl', { mode: 'replay' }), resilient(one, 'strict')])).toExtend<LM>();
  expectTypeOf(resilient(one).reset).toBeFunction();

  // @ts-expect-error no LM
  composeLM('openai/gpt-5-mini');
  // @ts-expect-error there is no such preset
  composeLM(one, { resilience: 'lax' });
  // @ts-expect-error the default is meant by leaving it out
  composeLM(one, { resilience: true });
  // @ts-expect-error a budget is made with new Budget
  composeLM(one, { budget: { calls: 3 } });
  // @ts-expect-error somebody has to be asked
  fallback();
  // @ts-expect-error options alone ask nobody
  fallback({ contextWindow: true });
  // @ts-expect-error a list
  pool(one);
  // @ts-expect-error there is no such mode
  recorded(one, 'calls.jsonl', { mode: 'write' });
  // @ts-expect-error misspelled
  hedged(one, { after: 100 });
  // @ts-expect-error there is no such limit
  new Budget({ dollars: 3 });
});

test('embedders and retrievers have layers of their own kind', () => {
  const embedder = {} as Embedder;
  expectTypeOf(composeEmbedder).returns.toEqualTypeOf<Embedder>();
  // @ts-expect-error an LM embeds nothing
  composeEmbedder(one);
  // @ts-expect-error an embedder retrieves nothing
  composeRetriever(embedder);
  // @ts-expect-error layers of one's own are for LMs
  composeEmbedder(embedder, { layers: [] });
});
