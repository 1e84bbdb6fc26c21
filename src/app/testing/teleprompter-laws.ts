import { isDeepStrictEqual } from 'node:util';
import { Evaluate } from '../../compile/evaluate/evaluate';
import type { Teleprompter } from '../../compile/teleprompt/teleprompter';
import { Example, example } from '../../core/primitives/example';
import type { LMRequest } from '../../core/primitives/lm-request';
import { textOf } from '../../core/primitives/message';
import type { Metric } from '../../core/primitives/metric';
import { context } from '../../core/settings/context';
import { Module } from '../../program/predict/module';
import { Predict } from '../../program/predict/predict';
import { BrokenLawError } from './broken-law-error';
import { DummyLM } from './dummy-lm';

type Row = { readonly question: string; readonly answer: string };
type Answer = { readonly answer: string };

/** What a law hands to the optimizer under test; options an optimizer does not have may be ignored. */
export interface TeleprompterLawOptions {
  readonly metric: Metric<Answer, Answer>;
  readonly seed: number;
  readonly concurrency: number;
}

/** Makes the optimizer under test. */
export type MakeTeleprompter = (options: TeleprompterLawOptions) => Teleprompter<Answer, Answer>;

/** One promise that every optimizer keeps; `check` throws `BrokenLawError` where it does not. */
export interface TeleprompterLaw {
  readonly name: string;
  check(make: MakeTeleprompter): Promise<void>;
}

/** Two steps, so that one of them has no labels. */
class Solver extends Module {
  readonly plan = new Predict('question -> rule');
  readonly solve = new Predict('question, rule -> answer');

  async forward({ question }: { question: string }): Promise<Answer> {
    const { rule } = await this.plan.call({ question });
    const { answer } = await this.solve.call({ question, rule });
    return { answer };
  }
}

const RULES: Readonly<Record<string, (n: number) => number>> = {
  double: (n) => 2 * n,
  square: (n) => n * n,
  negate: (n) => -n,
  keep: (n) => n,
};
const KINDS = Object.keys(RULES);
const POISON = 'negate 3';

const metric = (gold: Answer, predicted: Answer): boolean => gold.answer === predicted.answer;

function rows(from: number, count: number): Example<Row, 'question'>[] {
  return Array.from({ length: count }, (_, at) => {
    const kind = KINDS[at % KINDS.length] ?? 'keep';
    const n = from + Math.floor(at / KINDS.length);
    return example({ question: `${kind} ${n}`, answer: String(RULES[kind]?.(n)) }).withInputs('question');
  });
}

const trainset = rows(2, 16);
const valset = rows(40, 16);

/**
 * A world whose best prompt is known: a question is answered right when the prompt shows a question of its kind, or
 * when its kind is `keep`. Answers take their time, each another one, so that they come in another order than asked.
 */
function world(options: { readonly fails?: string } = {}): DummyLM {
  return new DummyLM(async (request: LMRequest) => {
    const texts = request.messages.map(textOf);
    const last = texts.at(-1) ?? '';
    const [, kind = '', digits = '0'] = /(\w+) (\d+)/.exec(last) ?? [];
    await new Promise((resolve) => setTimeout(resolve, (Number(digits) * 7 + kind.length) % 4));
    if (options.fails !== undefined && last.includes(options.fails))
      return new Error(`the world fails at ${options.fails}`);
    if (!last.includes('## rule ## ]]\n')) return { rule: `the rule of ${kind}` };
    const shown = texts.slice(1, -1).some((text) => text.includes(`${kind} `));
    const rule = RULES[kind];
    return { answer: rule !== undefined && (shown || kind === 'keep') ? String(rule(Number(digits))) : 'unknown' };
  });
}

/** Everything an optimizer may change. */
function facts(program: Module): unknown {
  const parts = program.namedPredictors().map(([path, { spec, demos, config, lm }]) => {
    return {
      path,
      instructions: spec.instructions,
      fields: spec.fields,
      demos: demos.map((demo) => ({ ...demo })),
      config,
      lm,
    };
  });
  return { parts, compiled: program.compiled };
}

function compile(make: MakeTeleprompter, options: Partial<TeleprompterLawOptions> & { readonly lm?: DummyLM } = {}) {
  const { lm = world(), ...given } = options;
  const optimizer = make({ metric, seed: 0, concurrency: 8, ...given });
  return context({ lm, maxRepairs: 0 }, () => optimizer.compile(new Solver(), { trainset, valset }));
}

function score(program: Solver): Promise<number> {
  const evaluate = new Evaluate({ devset: valset, metric, maxErrors: Number.POSITIVE_INFINITY });
  return context({ lm: world(), maxRepairs: 0 }, async () => (await evaluate.call(program)).score);
}

function law(
  name: string,
  check: (make: MakeTeleprompter, broken: (found: string) => never) => Promise<void>,
): TeleprompterLaw {
  const broken = (found: string): never => {
    throw new BrokenLawError(name, found);
  };
  return { name, check: (make) => check(make, broken) };
}

/** The promises of every optimizer, for one's own as for ours: `for (const { name, check } of teleprompterLaws) test(name, () => check(make))`. */
export const teleprompterLaws: readonly TeleprompterLaw[] = [
  law('the student is untouched', async (make, broken) => {
    const student = new Solver();
    const before = facts(student);
    const inputs = trainset.map((row) => ({ ...row, keys: Example.inputKeys(row) }));
    const optimizer = make({ metric, seed: 0, concurrency: 8 });
    await context({ lm: world(), maxRepairs: 0 }, () => optimizer.compile(student, { trainset, valset }));
    if (!isDeepStrictEqual(facts(student), before)) broken('its predictors differ after compiling');
    const after = trainset.map((row) => ({ ...row, keys: Example.inputKeys(row) }));
    if (!isDeepStrictEqual(after, inputs)) broken('the rows of the trainset differ after compiling');
  }),
  law('the compiled program is of the same class, and another object', async (make, broken) => {
    const student = new Solver();
    const optimizer = make({ metric, seed: 0, concurrency: 8 });
    const lm = world();
    const program = await context({ lm, maxRepairs: 0 }, () => optimizer.compile(student, { trainset, valset }));
    if (program.constructor !== Solver) broken(`it is a ${program.constructor.name}`);
    if (program === student || program.solve === student.solve) broken('it shares predictors with the student');
  }),
  law('the seed reproduces the program', async (make, broken) => {
    const [first, second] = [await compile(make, { seed: 7 }), await compile(make, { seed: 7 })];
    if (!isDeepStrictEqual(facts(first), facts(second))) broken('two runs with one seed gave two programs');
  }),
  law('the program is the same whatever the concurrency', async (make, broken) => {
    const [one, many] = [await compile(make, { concurrency: 1 }), await compile(make, { concurrency: 64 })];
    if (!isDeepStrictEqual(facts(one), facts(many))) broken('concurrency 1 and 64 gave two programs');
  }),
  law('an error in one example does not stop it', async (make, broken) => {
    const program = await compile(make, { lm: world({ fails: POISON }) });
    if (!((await score(program)) > (await score(new Solver())))) broken('the program is no better than the student');
  }),
  law('the score rises in a world whose best prompt is known', async (make, broken) => {
    const [before, after] = [await score(new Solver()), await score(await compile(make))];
    if (!(after > before)) broken(`it was ${before} and is ${after}`);
  }),
];
