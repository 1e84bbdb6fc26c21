import type { OpenWorkload } from '../../harness/workload';
import { INSTANT_ANSWER, numberOf } from '../task';

/** So many timers of the platform at once, and a regular expression for each field of what they bring. */
export const openGather: OpenWorkload = (params) => {
  const [calls, latencyMs] = [numberOf(params, 'calls'), numberOf(params, 'latencyMs')];
  const one = async () => {
    const text = await new Promise<string>((resolve) => setTimeout(resolve, latencyMs, INSTANT_ANSWER));
    const found = /\[\[ ## answer ## \]\]\n(.*?)\n\n\[\[ ## confidence ## \]\]\n(.*?)\n\n\[\[/su.exec(text);
    return { answer: found?.[1], confidence: Number(found?.[2]) };
  };
  const gather = () => Promise.all(Array.from({ length: calls }, one));
  return {
    outputs: async () => (await gather()).slice(0, 3),
    round: async () => {
      const started = performance.now();
      await gather();
      return { ms: performance.now() - started };
    },
    // As over HTTP: a burst of calls is no time to compile anew.
    collectsFirst: false,
  };
};
