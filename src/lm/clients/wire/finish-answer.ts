import {
  LMContentFilterError,
  LMEmptyAnswerError,
  type LMError,
  LMInvalidResponseError,
  LMRefusalError,
} from '../../../core/errors/lm-errors';
import type { LMResponse } from '../../../core/primitives/lm-response';
import type { AnswerSoFar, CompletionSoFar } from './answer-so-far';
import type { Exchange } from './wire-format';

/**
 * The response of an answer that has come to its end. Completions that say nothing are left out; when none is left, the error of
 * the first one is thrown: `LMRefusalError`, `LMContentFilterError`, `LMEmptyAnswerError`, or `LMInvalidResponseError` without any.
 */
export function finishAnswer(answer: AnswerSoFar, { about }: Exchange): LMResponse {
  const [only] = answer.completions;
  // What nearly every answer is.
  if (answer.completions.length === 1 && only !== undefined) {
    const error = emptiness(only, about);
    if (error !== undefined) throw error;
    return answer.response(about.model ?? '');
  }
  const errors = answer.completions.map((completion) => emptiness(completion, about));
  const [first] = errors;
  if (errors.length === 0) throw new LMInvalidResponseError('The answer has no completion.', about);
  if (first !== undefined && errors.every((error) => error !== undefined)) throw first;
  const response = answer.response(about.model ?? '');
  if (first === undefined && errors.every((error) => error === undefined)) return response;
  const completions = response.completions.filter((_, index) => errors[index] === undefined);
  return Object.freeze({ ...response, completions: Object.freeze(completions) });
}

/** Why a completion is no answer, if so. One that was cut, or that calls tools, need not say anything. */
function emptiness(completion: CompletionSoFar, about: Exchange['about']): LMError | undefined {
  const { text, toolCalls, finishReason, refusal } = completion;
  if (text.some((part) => part !== '') || toolCalls.length > 0) return undefined;
  if (refusal !== '') return new LMRefusalError('The model refused to answer.', about);
  if (finishReason === 'content_filter') return new LMContentFilterError('The answer was filtered away.', about);
  // An empty text is an answer all the same: whoever reads it asks again in its own way, as DSPy does.
  if (finishReason === 'length' || text.length > 0) return undefined;
  return new LMEmptyAnswerError('The model answered nothing.', about);
}
