import { createHash } from 'node:crypto';
import { InvalidOptionError } from '../errors/option-errors';
import { MersenneTwister } from './cpython/mersenne-twister';

/** What a generator can be seeded with: a whole number of any size, or a text. */
export type RandomSeed = number | bigint | string;

/**
 * CPython's `random.Random`, bit for bit: the same seed draws the same numbers, so that optimizers pick the same
 * examples as the reference does. All random choices of dspex come from a seeded instance of this class.
 */
export class PythonRandom {
  private readonly twister = new MersenneTwister();
  private nextGauss: number | undefined;

  /** `seed` of a text works as CPython's version 2: the text's bytes followed by their SHA-512. */
  constructor(seed: RandomSeed = 0) {
    this.twister.seedByArray(seedWords(seed));
  }

  /** A number in [0, 1). */
  random(): number {
    return this.twister.double();
  }

  /** `bits` random bits as a number; at most 53 (beyond, see `getrandbitsBig`). */
  getrandbits(bits: number): number {
    if (bits > 53) throw new InvalidOptionError('PythonRandom.getrandbits', 'bits', bits, 'at most 53');
    if (bits <= 32) return bits === 0 ? 0 : this.twister.next() >>> (32 - bits);
    const low = this.twister.next();
    return (this.twister.next() >>> (64 - bits)) * 4294967296 + low;
  }

  /** Any number of random bits. */
  getrandbitsBig(bits: number): bigint {
    let value = 0n;
    for (let got = 0; got < bits; got += 32) {
      const word = this.twister.next() >>> Math.max(0, 32 - (bits - got));
      value |= BigInt(word) << BigInt(got);
    }
    return value;
  }

  /** A whole number in [0, limit). */
  randbelow(limit: number): number {
    if (!Number.isSafeInteger(limit) || limit < 0) throw emptyRange('randbelow', 'limit', limit);
    if (limit === 0) return 0;
    const bits = bitLength(limit);
    for (;;) {
      const drawn = this.getrandbits(bits);
      if (drawn < limit) return drawn;
    }
  }

  /** A whole number in [first, last], both included. */
  randint(first: number, last: number): number {
    return this.randrange(first, last + 1);
  }

  /** One of `start`, `start + step`, ... before `stop`; with one argument, of [0, start). */
  randrange(start: number, stop?: number, step = 1): number {
    if (stop === undefined) return this.randrange(0, start);
    const count = Math.ceil((stop - start) / step);
    if (!(count > 0)) throw emptyRange('randrange', 'stop', stop);
    return start + step * this.randbelow(count);
  }

  /** A number between `low` and `high`. */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  /** A normally distributed number; every second one comes from the pair drawn before. */
  gauss(mean = 0, deviation = 1): number {
    let z = this.nextGauss;
    this.nextGauss = undefined;
    if (z === undefined) {
      const angle = this.random() * 2 * Math.PI;
      const radius = Math.sqrt(-2 * Math.log(1 - this.random()));
      z = Math.cos(angle) * radius;
      this.nextGauss = Math.sin(angle) * radius;
    }
    return mean + z * deviation;
  }

  /** One of the items. */
  choice<T>(items: readonly T[]): T {
    if (items.length === 0) throw emptyRange('choice', 'items', '[]');
    return items[this.randbelow(items.length)] as T;
  }

  /** `k` items drawn one by one, each from all of them; `weights` need not add up to 1. */
  choices<T>(items: readonly T[], options: { readonly weights?: readonly number[]; readonly k?: number } = {}): T[] {
    const { weights, k = 1 } = options;
    if (items.length === 0) throw emptyRange('choices', 'items', '[]');
    if (weights === undefined) {
      return Array.from({ length: k }, () => items[Math.floor(this.random() * items.length)] as T);
    }
    const sums = cumulative(weights);
    const total = sums.at(-1) ?? 0;
    if (weights.length !== items.length || !(total > 0)) {
      throw emptyRange('choices', 'weights', `[${weights.join(', ')}]`);
    }
    return Array.from({ length: k }, () => items[bisectRight(sums, this.random() * total)] as T);
  }

  /** Shuffles the array in place and returns it. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.randbelow(i + 1);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
    return items;
  }

  /** `k` different items, in random order. Both of CPython's algorithms: a pool, or a set of picked places when `k` is small. */
  sample<T>(items: readonly T[], k: number): T[] {
    const n = items.length;
    if (!(k >= 0 && k <= n)) throw emptyRange('sample', 'k', k);
    if (n <= poolLimit(k)) {
      const pool = [...items];
      return Array.from({ length: k }, (_, i) => {
        const j = this.randbelow(n - i);
        const picked = pool[j] as T;
        pool[j] = pool[n - i - 1] as T;
        return picked;
      });
    }
    const picked = new Set<number>();
    while (picked.size < k) {
      let j = this.randbelow(n);
      while (picked.has(j)) j = this.randbelow(n);
      picked.add(j);
    }
    return Array.from(picked, (j) => items[j] as T);
  }
}

/** Populations up to this size are sampled from a copy. */
function poolLimit(k: number): number {
  if (k <= 5) return 21;
  let power = 1;
  while (power < 3 * k) power *= 4;
  return 21 + power;
}

function seedWords(seed: RandomSeed): number[] {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new InvalidOptionError('PythonRandom', 'seed', seed, 'a safe integer, a bigint or a text');
  }
  let rest = typeof seed === 'string' ? textSeed(seed) : BigInt(seed);
  if (rest < 0n) rest = -rest;
  const words: number[] = [];
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return words;
}

function textSeed(text: string): bigint {
  const bytes = Buffer.from(text, 'utf8');
  const hex = Buffer.concat([bytes, createHash('sha512').update(bytes).digest()]).toString('hex');
  return BigInt(`0x${hex}`);
}

function bitLength(value: number): number {
  return value < 4294967296 ? 32 - Math.clz32(value) : 32 + bitLength(Math.floor(value / 4294967296));
}

function cumulative(weights: readonly number[]): number[] {
  let sum = 0;
  return weights.map((weight) => (sum += weight));
}

/** First place whose sum exceeds `value`, never past the last. */
function bisectRight(sums: readonly number[], value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value < (sums[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function emptyRange(method: string, option: string, value: unknown): InvalidOptionError {
  return new InvalidOptionError(`PythonRandom.${method}`, option, value, 'such that there is something to draw');
}
