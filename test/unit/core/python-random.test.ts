import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/errors/option-errors';
import { pythonSetOrder } from '../../../src/core/util/cpython/set-order';
import { PythonRandom } from '../../../src/core/util/python-random';

const upTo = (n: number) => Array.from({ length: n }, (_, at) => at);

describe('PythonRandom draws what CPython draws', () => {
  it('random, randint, choice, sample and shuffle on one generator', () => {
    const random = new PythonRandom(0);
    expect(random.random()).toBe(0.8444218515250481);
    expect(random.randint(0, 10 ** 9)).toBe(813847339);
    expect(random.choice(upTo(7))).toBe(3);
    expect(random.sample(upTo(10), 4)).toEqual([0, 4, 7, 3]);
    expect(random.shuffle(upTo(10))).toEqual([2, 0, 3, 8, 6, 1, 9, 5, 7, 4]);
  });

  it('the sizes of random search', () => {
    const sizes = upTo(16).map((seed) => new PythonRandom(seed).randint(1, 4));
    expect(sizes).toEqual([4, 2, 1, 2, 2, 3, 1, 3, 2, 4, 1, 4, 4, 3, 1, 2]);
  });

  it('weighted choices', () => {
    const drawn = new PythonRandom(0).choices([1, 2, 3], { weights: [0.2, 0.3, 0.5], k: 5 });
    expect(drawn).toEqual([3, 3, 2, 2, 3]);
  });

  it('a large population is sampled by picked places', () => {
    expect(new PythonRandom(3).sample(upTo(1000), 6)).toEqual([243, 606, 557, 133, 378, 937]);
  });

  it('a number beyond 2^53, a negative one and a text are seeds too', () => {
    expect(new PythonRandom(2n ** 70n + 12345n).random()).toBe(new PythonRandom(-(2n ** 70n) - 12345n).random());
    expect(new PythonRandom('dspy').random()).toBe(0.9841886782345513);
  });
});

describe('PythonRandom refuses what cannot be drawn', () => {
  it.each<[string, (random: PythonRandom) => unknown]>([
    ['a sample larger than its population', (random) => random.sample([1], 2)],
    ['one of nothing', (random) => random.choice([])],
    ['a number from an empty range', (random) => random.randint(1, 0)],
    ['by weights that add up to nothing', (random) => random.choices([1, 2], { weights: [0, 0] })],
    ['by another number of weights', (random) => random.choices([1, 2], { weights: [1] })],
    ['more bits than a number holds', (random) => random.getrandbits(54)],
  ])('%s', (_, draw) => {
    expect(() => draw(new PythonRandom(1))).toThrow(InvalidOptionError);
  });

  it('from a seed with a fraction', () => {
    expect(() => new PythonRandom(1.5)).toThrow(InvalidOptionError);
  });
});

it('a set of numbers iterates as in CPython', () => {
  expect(pythonSetOrder([8, 1])).toEqual([8, 1]);
  expect(pythonSetOrder([9, 0, 9])).toEqual([0, 9]);
  expect(pythonSetOrder(upTo(40))).toEqual(upTo(40));
});
