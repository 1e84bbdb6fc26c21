import { context, example, type LMRequest, type Module, Predict, textOf } from 'dspex';
import { DummyLM } from 'dspex/testing';

const KINDS = ['red', 'green', 'blue'];
/** Rows of three kinds in turn. */
export const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => {
    const kind = KINDS[at % 3] ?? '';
    return example({ question: `${kind} ${from + at}`, answer: `${kind}!` }).withInputs('question');
  });
export const metric = (gold: { answer: string }, predicted: { answer: string }) => gold.answer === predicted.answer;
export const qa = () => new Predict('question -> answer');

export const asked = (request: LMRequest) => textOf(request.messages.at(-1) as never).split('\n')[1] ?? '';
export const kindOf = (question: string) => question.split(' ')[0] ?? '';
/** Always right. */
export const oracle = (work?: (question: string) => unknown) =>
  new DummyLM(async (request) => {
    await work?.(asked(request));
    return { answer: `${kindOf(asked(request))}!` };
  });
/** Right about red, and about kinds that the prompt shows. */
export const learner = () =>
  new DummyLM((request) => {
    const kind = kindOf(asked(request));
    const shown = request.messages.slice(1, -1).some((message) => textOf(message).includes(`${kind} `));
    return { answer: shown || kind === 'red' ? `${kind}!` : 'no idea' };
  });
export const inSettings = <R>(lm: DummyLM, fn: () => R) => context({ lm, maxRepairs: 0 }, fn);
export const demosOf = (program: Module) => program.predictors().map(({ demos }) => demos.map((demo) => ({ ...demo })));
