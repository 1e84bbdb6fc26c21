import { randomInt } from 'node:crypto';

/** Numbers from 0 up to 1. */
export type RandomSource = () => number;

const STEPS = 2 ** 47;

/** Spreads the retries of independent clients; a test gives a source of its own. */
export const cryptoRandom: RandomSource = () => randomInt(STEPS) / STEPS;
