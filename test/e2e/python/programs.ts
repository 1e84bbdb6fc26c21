import { ChainOfThought } from 'dspex/modules';
import type { FieldValues, SignatureLike } from 'dspex/program';
import { Module, Predict } from 'dspex/program';

/** A program as both languages build it: a step, or steps and lists of steps by their names. */
export type Described = DescribedStep | { readonly [name: string]: Described | readonly DescribedStep[] };

interface DescribedStep {
  readonly signature: string;
  /** True for a step that reasons first. */
  readonly reasons?: boolean;
}

/** What an optimizer did to a step. */
interface Change {
  readonly instructions: string;
  readonly demos: readonly FieldValues[];
}

/** A program, what was done to each of its predictors, and inputs to render each with. */
export interface Case {
  readonly name: string;
  readonly program: Described;
  readonly changes: Readonly<Record<string, Change>>;
  readonly inputs: Readonly<Record<string, FieldValues>>;
}

class Composite extends Module {
  override forward(): never {
    throw new Error('this program is only looked at');
  }
}

/** The program of a description, as it is before any change. */
export function buildProgram(described: Described): Module {
  if (isStep(described)) {
    const { signature, reasons } = described;
    return reasons ? new ChainOfThought(signature as SignatureLike as string) : new Predict(signature as string);
  }
  const program = new Composite();
  for (const [name, member] of Object.entries(described)) {
    Reflect.set(program, name, Array.isArray(member) ? member.map(buildProgram) : buildProgram(member as Described));
  }
  return program;
}

/** Puts instructions and demos into every predictor. Returns the program. */
export function tune(program: Module, changes: Case['changes']): Module {
  for (const [path, predictor] of program.namedPredictors()) {
    const { instructions, demos } = changes[path] as Change;
    predictor.spec = predictor.spec.withInstructions(instructions);
    predictor.demos = demos;
  }
  return program;
}

function isStep(described: Described): described is DescribedStep {
  return typeof (described as DescribedStep).signature === 'string';
}

const QA = 'question -> answer';
const TYPED =
  'text: str, limit: int, weights: dict[str, float] -> ' +
  "score: float, tags: list[str], kind: Literal['a', 'b c'], sure: bool, best: Optional[int]";

const typedInputs = { text: 'Ünïcode "quoted"\nand a second line', limit: 3, weights: { low: 0.5, high: 2 } };
const typedDemo = { ...typedInputs, score: 1, tags: ['one', 'it\'s "two"'], kind: 'b c', sure: false, best: 7 };
const typed: Change = {
  instructions: 'Judge the text.\n\n  An indented line stays one.\nThe last line.',
  demos: [typedDemo, { text: 'no limit here', tags: [], score: 0.25 }, { ...typedDemo, best: null, limit: -12 }],
};
const plain: Change = {
  instructions: 'Answer in one word.',
  demos: [
    { question: 'Capital of France?', answer: 'Paris' },
    { question: 'Only a question' },
    { question: 'Line\nbreaks', answer: 'Tab\tand "quotes"' },
  ],
};

/** Programs whose saved files go both ways. */
export const CASES: readonly Case[] = [
  {
    name: 'a plain predictor',
    program: { signature: QA },
    changes: { self: plain },
    inputs: { self: { question: 'Why is the sky blue?' } },
  },
  {
    name: 'a typed predictor',
    program: { signature: TYPED },
    changes: { self: typed },
    inputs: { self: typedInputs },
  },
  {
    name: 'a program of several steps',
    program: {
      draft: { signature: QA, reasons: true },
      inner: { judge: { signature: TYPED } },
      rounds: [{ signature: QA }],
    },
    changes: {
      'draft.predict': {
        instructions: 'Think first.',
        demos: [{ question: 'Why?', reasoning: 'Because of that.', answer: 'So.', augmented: true }],
      },
      'inner.judge': typed,
      'rounds[0]': plain,
    },
    inputs: {
      'draft.predict': { question: 'How?' },
      'inner.judge': { ...typedInputs, limit: 10 },
      'rounds[0]': { question: 'When?' },
    },
  },
];
