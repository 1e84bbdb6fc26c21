import type { Metric } from '../../../src/core/primitives/metric';

type Answer = { readonly answer?: string; readonly question?: string };

/** The metrics that vectors name; each call is written into the log as `[question, answer, score]`. */
export function worldMetric(name: string | null, log: unknown[] = []): Metric<Answer, Answer> | undefined {
  const metric = name === null ? undefined : METRICS[name];
  if (metric === undefined) return undefined;
  const logged: Metric<Answer, Answer> = (gold, predicted) => {
    try {
      const result = metric(gold, predicted);
      log.push([gold.question, predicted.answer, result]);
      return result;
    } catch (error) {
      log.push([gold.question, predicted.answer, 'error']);
      throw error;
    }
  };
  return logged;
}

const exact = (gold: Answer, predicted: Answer) => predicted.answer === gold.answer;

const METRICS: Readonly<Record<string, (gold: Answer, predicted: Answer) => number | boolean | { score: number }>> = {
  exact,
  float: (gold, predicted) => {
    if (exact(gold, predicted)) return 1;
    return (gold.answer ?? '').slice(0, 1) === (predicted.answer ?? '').slice(0, 1) ? 0.5 : 0;
  },
  pred: (gold, predicted) => ({ score: exact(gold, predicted) ? 1 : 0 }),
  picky: (gold, predicted) => {
    if (gold.question?.includes('opposite of hot')) throw new Error(`metric refuses ${gold.question}`);
    return exact(gold, predicted);
  },
};
