import { specOf } from 'dspex';
import { type Adapter, ChatAdapter, JSONAdapter } from 'dspex/adapters';
import { repeated } from '../../harness/repeated';
import type { OpenWorkload } from '../../harness/workload';
import { completionsOf, digestOf, type Format, JUDGED, numberOf, textOf } from '../task';

/** Values out of an answer of `bytes` bytes, in `format` chat or json. */
export const openParse: OpenWorkload = async (params) => {
  const format = textOf(params, 'format') as Format;
  const completions = completionsOf(format, numberOf(params, 'bytes'));
  const adapter: Adapter = format === 'json' ? new JSONAdapter() : new ChatAdapter();
  const spec = specOf(JUDGED);
  const unasked = () => Promise.reject(new Error('These adapters read an answer by themselves.'));
  const parse = (index: number) => adapter.parse(spec, completions[index % completions.length] ?? '', unasked);
  const calls = (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) parse(index);
  };
  return repeated(calls, { outputs: () => digestOf(completions.map((_, index) => parse(index))) });
};
