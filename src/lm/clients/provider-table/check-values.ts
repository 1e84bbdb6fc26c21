import type { LMErrorDetails } from '../../../core/errors/lm-errors';
import type { LMOptions } from '../../../core/primitives/lm-request';
import { refusal } from '../wire/refuse';

type Rule = readonly [is: (value: unknown) => boolean, expected: string];

const FINITE: Rule = [Number.isFinite, 'a finite number'];
const COUNT: Rule = [(value) => Number.isSafeInteger(value) && Number(value) >= 1, 'a whole number of at least 1'];
const TEXTS: Rule = [
  (value) => Array.isArray(value) && value.every((text) => typeof text === 'string' && text !== ''),
  'a list of texts that are not empty',
];

const RULES: readonly (readonly [name: keyof LMOptions, rule: Rule])[] = [
  ['temperature', FINITE],
  ['topP', FINITE],
  ['frequencyPenalty', FINITE],
  ['presencePenalty', FINITE],
  ['maxTokens', COUNT],
  ['n', COUNT],
  ['seed', [Number.isSafeInteger, 'a whole number']],
  ['stop', TEXTS],
];

/** Throws `LMInvalidRequestError`, with 0 attempts, for values that no model takes: JSON would make `null` of a NaN without a word. */
export function checkValues(options: LMOptions, about: LMErrorDetails): void {
  for (const [name, [is, expected]] of RULES) {
    const value: unknown = options[name];
    if (value === undefined || value === null || is(value)) continue;
    throw refusal(
      `The option '${name}' is ${String(value).slice(0, 100)} (${typeof value}); it must be ${expected}.`,
      about,
    );
  }
}
