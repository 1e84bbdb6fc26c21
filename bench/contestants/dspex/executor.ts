import { Evaluate, example } from 'dspex';
import type { Figures, OpenWorkload } from '../../harness/workload';
import { numberOf } from '../task';

/** A round is at least so long, in items: short lists are gone through several times. */
const ITEMS_A_ROUND = 20_000;

/**
 * An evaluation of `items` rows whose program and metric do nothing: what is left is the executor, with deadline, abort scope, usage,
 * score and result of each row, and the list of all results. `inFlight` at once.
 */
export const openExecutor: OpenWorkload = async (params) => {
  const items = numberOf(params, 'items');
  const devset = new Array(items).fill(example({ question: 'none', answer: 'none' }).withInputs('question'));
  const evaluate = new Evaluate({ devset, metric: () => 1, concurrency: numberOf(params, 'inFlight', 8) });
  const nothing = { answer: 'none' };
  const program = { call: async () => nothing };
  const times = Math.max(1, Math.round(ITEMS_A_ROUND / items));
  const round = async (): Promise<Figures> => {
    const before = process.cpuUsage();
    const started = performance.now();
    for (let time = 0; time < times; time += 1) {
      const { results } = await evaluate.call(program);
      if (results.length !== items) throw new Error(`There are ${results.length} results of ${items} items.`);
    }
    const us = (performance.now() - started) * 1000;
    const { user, system } = process.cpuUsage(before);
    return { us: us / items / times, cpuUs: (user + system) / items / times };
  };
  await round();
  return { round };
};
