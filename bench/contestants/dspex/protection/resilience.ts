import type { LM } from 'dspex';
import { budgeted, cached, composeLM, MemoryCache, resilient, singleFlight } from 'dspex/clients';
import type { OpenWorkload } from '../../../harness/workload';
import { addedCost } from '../../added-cost';
import { questionOf, textOf } from '../../task';
import { InstantLM } from '../instant-lm';

const SYSTEM = 'Explain in one sentence what you know about the number. '.repeat(8);

const small = () => new MemoryCache({ maxEntries: 1000 });

/** What is put around the model: everything that `composeLM` has by default, or one layer of it. */
const LAYERS: Readonly<Record<string, (lm: LM) => LM>> = {
  everything: (lm) => composeLM(lm, { cache: small() }),
  resilient: (lm) => resilient(lm),
  'single-flight': (lm) => singleFlight(lm),
  cached: (lm) => cached(lm, { cache: small() }),
  budgeted: (lm) => budgeted(lm),
};

/** Calls of a model that has its answer at once, no two of them equal, with and without `layer` around it. */
export const openResilience: OpenWorkload = async (params) => {
  const around = LAYERS[textOf(params, 'layer')];
  if (around === undefined) throw new Error(`There is no layer '${textOf(params, 'layer')}'.`);
  const bare = new InstantLM();
  const stack = around(bare);
  const ask = (lm: LM, number: number) =>
    lm.generate(
      lm.createRequest([
        { role: 'system', content: SYSTEM },
        { role: 'user', content: questionOf(number) },
      ]),
    );
  const asking = (lm: LM) => async (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) await ask(lm, index);
  };
  const round = addedCost(asking(bare), asking(stack));
  await round();
  return {
    outputs: async () => (await ask(stack, -1)).completions[0]?.text,
    round,
    close: () => stack.close(),
  };
};
