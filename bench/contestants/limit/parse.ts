import { repeated } from '../../harness/repeated';
import type { OpenWorkload } from '../../harness/workload';
import { completionsOf, digestOf, numberOf, textOf } from '../task';

/** `JSON.parse` and the checks that a person writes for the two fields. */
export const openParse: OpenWorkload = (params) => {
  if (textOf(params, 'format') !== 'json') throw new Error('The limit of parsing is JSON.parse.');
  const completions = completionsOf('json', numberOf(params, 'bytes'));
  const parse = (index: number) => validated(JSON.parse(completions[index % completions.length] ?? ''));
  const calls = (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) parse(index);
  };
  return repeated(calls, { outputs: () => digestOf(completions.map((_, index) => parse(index))) });
};

function validated(value: unknown): { answer: string; confidence: number } {
  if (typeof value !== 'object' || value === null) throw new TypeError('This is no object.');
  const { answer, confidence } = value as Record<string, unknown>;
  if (typeof answer !== 'string') throw new TypeError('The answer is no text.');
  if (typeof confidence !== 'number' || !Number.isFinite(confidence))
    throw new TypeError('The confidence is no number.');
  return { answer, confidence };
}
