import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText } from 'ai';
import type { OpenWorkload } from '../../harness/workload';
import { roundOf } from '../http-round';
import { answerIn, messagesOf } from '../limit/prompt';
import { checkAnswers, pooled } from '../pool';
import { answerOf, numberOf, questionOf, textOf } from '../task';

/**
 * Questions over HTTP by `generateText`; `inFlight` at once, `rows` a round. The AI SDK knows neither signatures nor evaluation: the
 * prompt is the template of the limit, the answer is read by its regular expression.
 */
export const openEvaluate: OpenWorkload = async (params) => {
  const inFlight = numberOf(params, 'inFlight');
  const provider = createOpenAICompatible({ name: 'mock', baseURL: textOf(params, 'mockUrl') });
  const model = provider('mock');
  const one = async (number: number) => {
    const [system, user] = messagesOf(questionOf(number));
    const { text } = await generateText({ model, system: system?.content ?? '', prompt: user?.content ?? '' });
    return answerIn(text);
  };
  const ask = (from: number, count: number) => async () => {
    const answers = await pooled(inFlight, from, count, one);
    checkAnswers(from, answers, answerOf);
    return answers;
  };
  return roundOf({ rows: numberOf(params, 'rows'), ask, close: () => Promise.resolve() });
};
