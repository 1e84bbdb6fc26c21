import { repeated } from '../../harness/repeated';
import type { OpenWorkload } from '../../harness/workload';
import { questionOf } from '../task';
import { messagesOf } from './prompt';

/** The prompt of the rows over HTTP by template, without demos. */
export const openFormat: OpenWorkload = (params) => {
  if (params['asked'] !== true || params['demos'] !== 0)
    throw new Error('The template knows one signature, and no demos.');
  let made = 0;
  const calls = (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) made += messagesOf(questionOf(index)).length;
    if (made === 0) throw new Error('No message was made.');
  };
  return repeated(calls, { outputs: () => messagesOf(questionOf(7)) });
};
