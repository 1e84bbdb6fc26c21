import { ChainOfThought } from '../../../modules/chain-of-thought';
import type { FieldValues } from '../../../src/core/signatures/field-spec';
import { signature } from '../../../src/core/signatures/signature';
import { Module } from '../../../src/program/predict/module';
import { Predict } from '../../../src/program/predict/predict';

/** A program as the optimizers' vectors describe it. */
export interface ProgramDescription {
  readonly modules: Readonly<
    Record<string, { readonly kind: string; readonly signature: string; readonly instructions?: string }>
  >;
  readonly forward: readonly {
    readonly call: string;
    readonly in: Readonly<Record<string, string>>;
    readonly as: string;
  }[];
  readonly return: string;
  readonly predictors: readonly string[];
}

/** Programs that vectors name without describing them. */
const NAMED: Readonly<Record<string, ProgramDescription>> = {
  QA: oneStep('answer', 'Predict'),
  ThinkQA: oneStep('think', 'ChainOfThought'),
  Careful: oneStep('answer', 'Predict', 'Answer in one word.'),
  Relay: {
    modules: {
      rewrite: { kind: 'Predict', signature: 'question -> query' },
      solve: { kind: 'Predict', signature: 'question, query -> answer' },
    },
    forward: [
      { call: 'rewrite', in: { question: '$question' }, as: 'r1' },
      { call: 'solve', in: { question: '$question', query: '$r1.query' }, as: 'r2' },
    ],
    return: 'r2',
    predictors: ['rewrite', 'solve'],
  },
  Twice: {
    modules: { hop: { kind: 'Predict', signature: 'question, note -> answer' } },
    forward: [
      { call: 'hop', in: { question: '$question', note: 'none' }, as: 'r1' },
      { call: 'hop', in: { question: '$question', note: '$r1.answer' }, as: 'r2' },
    ],
    return: 'r2',
    predictors: ['hop'],
  },
};

/** The program of a description, or one of the named ones. */
export function worldProgram(described: ProgramDescription | string): WorldProgram {
  if (typeof described !== 'string') return new WorldProgram(described);
  const description = NAMED[described];
  if (description === undefined) throw new Error(`the vectors name an unknown program '${described}'`);
  return new WorldProgram(description);
}

/** Runs the calls of a description in their order. */
export class WorldProgram extends Module {
  [step: string]: unknown;

  constructor(private readonly description: ProgramDescription) {
    super();
    for (const [name, { kind, signature: text, instructions }] of Object.entries(description.modules)) {
      const spec = signature(text, instructions === undefined ? {} : { instructions });
      this[name] = kind === 'ChainOfThought' ? new ChainOfThought(spec) : new Predict(spec);
    }
  }

  override async forward(inputs: FieldValues): Promise<FieldValues> {
    const results = new Map<string, FieldValues>();
    const resolved = (text: string): unknown => {
      if (!text.startsWith('$')) return text;
      const [name = '', field] = text.slice(1).split('.');
      return field === undefined ? inputs[name] : results.get(name)?.[field];
    };
    for (const step of this.description.forward) {
      const given = Object.fromEntries(Object.entries(step.in).map(([name, text]) => [name, resolved(text)]));
      const module = this[step.call] as { call(inputs: FieldValues): Promise<FieldValues> };
      results.set(step.as, await module.call(given));
    }
    return results.get(this.description.return) ?? {};
  }
}

function oneStep(name: string, kind: string, instructions?: string): ProgramDescription {
  const step = { kind, signature: 'question -> answer', ...(instructions === undefined ? {} : { instructions }) };
  return {
    modules: { [name]: step },
    forward: [{ call: name, in: { question: '$question' }, as: 'r' }],
    return: 'r',
    predictors: [kind === 'Predict' ? name : `${name}.predict`],
  };
}
