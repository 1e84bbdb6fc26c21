import { specOf } from 'dspex';
import { ChatAdapter } from 'dspex/adapters';
import { repeated } from '../../harness/repeated';
import type { OpenWorkload } from '../../harness/workload';
import { ASKED, demosOf, JUDGED, numberOf, questionOf } from '../task';

/**
 * A prompt made as if nothing of it had been made before: an adapter, a spec and demos of its own each time. `asked: true` for the
 * signature of the rows over HTTP.
 */
export const openFormat: OpenWorkload = async (params) => {
  const demos = demosOf(numberOf(params, 'demos', 0));
  const signature = params['asked'] === true ? ASKED : JUDGED;
  const spec = specOf(signature);
  const format = (index: number) =>
    new ChatAdapter().format(
      spec.withInstructions(spec.instructions),
      demos.map((demo) => ({ ...demo })),
      { question: questionOf(index) },
    );
  const calls = (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) format(index);
  };
  return repeated(calls, { outputs: () => format(7).map(({ role, content }) => ({ role, content })) });
};
