const N = 624;
const M = 397;
const UPPER = 0x80000000;
const LOWER = 0x7fffffff;
const MATRIX = 0x9908b0df;

/**
 * MT19937, the generator under CPython's `random` and numpy's `RandomState`
 * (Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 1998). Not for secrets.
 */
export class MersenneTwister {
  private readonly state = new Uint32Array(N);
  private index = N;

  /** Seeds by the linear rule from one 32-bit number (numpy: `RandomState(seed)`). */
  seedByNumber(seed: number): this {
    const { state } = this;
    state[0] = seed;
    for (let i = 1; i < N; i++) {
      const last = word(state, i - 1);
      state[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
    }
    this.index = N;
    return this;
  }

  /** Seeds from any number of 32-bit words, least significant first (CPython: `random.seed`). */
  seedByArray(key: ArrayLike<number>): this {
    const { state } = this.seedByNumber(19650218);
    let i = 1;
    let j = 0;
    for (let k = Math.max(N, key.length); k > 0; k--) {
      const last = word(state, i - 1);
      state[i] = (word(state, i) ^ Math.imul(last ^ (last >>> 30), 1664525)) + word(key, j) + j;
      i = nextIndex(state, i);
      j = (j + 1) % key.length;
    }
    for (let k = N - 1; k > 0; k--) {
      const last = word(state, i - 1);
      state[i] = (word(state, i) ^ Math.imul(last ^ (last >>> 30), 1566083941)) - i;
      i = nextIndex(state, i);
    }
    state[0] = UPPER;
    return this;
  }

  /** The next 32 random bits, as a number from 0 to 2^32 - 1. */
  next(): number {
    if (this.index >= N) this.twist();
    let y = word(this.state, this.index++);
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A number in [0, 1) with 53 random bits. */
  double(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  private twist(): void {
    const { state } = this;
    for (let k = 0; k < N; k++) {
      const y = (word(state, k) & UPPER) | (word(state, (k + 1) % N) & LOWER);
      state[k] = word(state, (k + M) % N) ^ (y >>> 1) ^ (y & 1 ? MATRIX : 0);
    }
    this.index = 0;
  }
}

function nextIndex(state: Uint32Array, i: number): number {
  if (i + 1 < N) return i + 1;
  state[0] = word(state, N - 1);
  return 1;
}

/** Indices are in range by construction; the zero never shows. */
function word(words: ArrayLike<number>, index: number): number {
  return words[index] ?? 0;
}
