import { type LMRequest, textOf } from 'dspex';
import { DummyLM } from 'dspex/testing';

/** What the scripted model says to each question: words to search for, then an answer and where it stands. */
const SCRIPT: Readonly<Record<string, { query: string; answer: string; evidence: string }>> = {
  'Who made lighthouse lenses lighter?': {
    query: 'engineer lens thin prisms lighter',
    answer: 'Augustin Fresnel',
    evidence: 'replaced the heavy solid lens',
  },
  'Which lighthouse is the tallest?': {
    query: 'tallest lighthouse in the world',
    answer: 'the Jeddah Light',
    evidence: 'the tallest lighthouse in the world',
  },
  'Which keeper invention won a Nobel Prize?': {
    query: 'invention Nobel Prize keeper lamp',
    answer: "Gustaf Dalén's sun valve",
    evidence: 'Nobel Prize in Physics',
  },
};

/** The questions of the script. */
export const QUESTIONS: readonly string[] = Object.keys(SCRIPT);

/**
 * A scripted stand-in for a model, so that the example runs without one. It answers only from passages that were really
 * retrieved: without the right one in the prompt it says that it does not know.
 */
export function libraryLM(): DummyLM {
  return new DummyLM((request: LMRequest) => {
    const prompt = textOf(request.messages.at(-1) ?? { role: 'user', content: '' });
    const question = QUESTIONS.find((known) => prompt.includes(known));
    const scripted = question === undefined ? undefined : SCRIPT[question];
    if (!prompt.includes('[[ ## passages ## ]]')) return { query: scripted?.query ?? 'lighthouse' };
    const found = scripted !== undefined && prompt.includes(scripted.evidence);
    return {
      reasoning: found ? `A passage says: "${scripted.evidence}".` : 'No passage speaks of it.',
      answer: found ? scripted.answer : 'not in the library',
      basis: found ? 'stated' : 'missing',
      confidence: found ? 0.9 : 0.1,
    };
  });
}
