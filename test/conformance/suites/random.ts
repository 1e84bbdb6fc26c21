import { pythonSetOrder } from '../../../src/core/util/cpython/set-order';
import { PythonRandom } from '../../../src/core/util/python-random';
import { sameValue } from '../same-value';
import type { Outcome, Suite, Vector } from '../suite';

interface Draw {
  readonly op: string;
  readonly args: readonly number[];
  readonly kwargs?: { readonly weights?: readonly number[]; readonly k?: number };
}

/** CPython's generator and the order of its sets. */
export const randomSuite: Suite = {
  file: 'random.jsonl',
  covers: (group) => group === 'random-python',
  replay: ({ input, expect }: Vector): Outcome => {
    const actual = results(input);
    const expected = expect.results.map(decoded);
    return sameValue(expected, actual) ? { kind: 'equal' } : { kind: 'different', expected, actual };
  },
};

function results(input: Vector['input']): unknown[] {
  if (input.op !== undefined) {
    const passes = input.op.includes('comprehension') ? 2 : 1;
    return input.cases.map((numbers: number[]) =>
      passes === 2 ? pythonSetOrder(pythonSetOrder(numbers)) : pythonSetOrder(numbers),
    );
  }
  if (input.fresh_for_each_seed === true) {
    return input.seeds.map((seed: number) => draw(new PythonRandom(seed), input.ops[0]));
  }
  const random = new PythonRandom(typeof input.seed === 'object' ? BigInt(input.seed.int) : input.seed);
  if (typeof input.ops !== 'string') return input.ops.map((op: Draw) => draw(random, op));
  return upTo(input.sets).map(() => ({ order: random.shuffle(upTo(input.n)), size: random.randint(1, input.max) }));
}

function draw(random: PythonRandom, { op, args, kwargs }: Draw): unknown {
  const [a = 0, b = 0, c] = args;
  switch (op) {
    case 'random':
      return random.random();
    case 'randint':
      return random.randint(a, b);
    case 'randrange':
      return args.length === 1 ? random.randrange(a) : random.randrange(a, b, c ?? 1);
    case 'uniform':
      return random.uniform(a, b);
    case 'gauss':
      return random.gauss(a, b);
    case 'getrandbits':
      return random.getrandbitsBig(a);
    case 'choice':
      return random.choice(upTo(a));
    case 'choices':
      return random.choices(upTo(a), kwargs ?? {});
    case 'shuffle':
      return random.shuffle(upTo(a));
    case 'sample':
      return random.sample(upTo(a), b);
    default:
      throw new Error(`unknown draw '${op}'`);
  }
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, at) => at);
}

function decoded(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'int' in value ? BigInt(String(value.int)) : value;
}
