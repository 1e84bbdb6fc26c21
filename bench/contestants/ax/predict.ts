import { type AxChatResponse, AxMockAIService, ax } from '@ax-llm/ax';
import { repeated } from '../../harness/repeated';
import type { OpenWorkload } from '../../harness/workload';
import { demosOf, numberOf, questionOf } from '../task';

/** The answer of a model without latency, as Ax asks for it. */
const INSTANT: AxChatResponse = {
  results: [{ index: 0, content: 'Answer: An even number.\nConfidence: 0.75', finishReason: 'stop' }],
};
/** Neither streamed nor tried again: the shortest way through Ax. */
const OPTIONS = { stream: false, maxRetries: 0 } as const;

/** Calls of a program of Ax on its own model for tests; `demos` demonstrations. */
export const openPredict: OpenWorkload = async (params) => {
  const ai = new AxMockAIService<string>({
    features: { functions: false, streaming: false },
    chatResponse: () => Promise.resolve(INSTANT),
  });
  const program = ax('question:string -> answer:string, confidence:number');
  const demos = demosOf(numberOf(params, 'demos', 0));
  if (demos.length > 0) program.setDemos([{ programId: program.getId(), traces: [...demos] }]);
  const calls = async (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) {
      await program.forward(ai, { question: questionOf(index) }, OPTIONS);
    }
  };
  return repeated(calls, {
    outputs: async () => {
      const { answer, confidence } = await program.forward(ai, { question: questionOf(7) }, OPTIONS);
      return { answer, confidence };
    },
  });
};
