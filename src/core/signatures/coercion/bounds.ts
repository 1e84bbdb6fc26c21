import { ValueParseError } from '../../errors/value-errors';
import type { Constraint } from '../type-spec';
import type { Progress } from './scalars';

type Check = (value: unknown, bound: number & string) => boolean;

const SIZE = (value: unknown) => {
  if (typeof value === 'string') return [...value].length;
  return Array.isArray(value)
    ? value.length
    : value !== null && typeof value === 'object'
      ? Object.keys(value).length
      : 0;
};

/** When a bound holds, and how to say that it does not. */
const CHECKS: Readonly<Partial<Record<Constraint['name'], readonly [Check, string]>>> = {
  gt: [(value, bound) => Number(value) > bound, 'must be greater than'],
  ge: [(value, bound) => Number(value) >= bound, 'must not be less than'],
  lt: [(value, bound) => Number(value) < bound, 'must be less than'],
  le: [(value, bound) => Number(value) <= bound, 'must not be greater than'],
  multiple_of: [(value, bound) => isMultiple(Number(value), bound), 'must be a multiple of'],
  min_length: [(value, bound) => SIZE(value) >= bound, 'must have a length of at least'],
  max_length: [(value, bound) => SIZE(value) <= bound, 'must have a length of at most'],
  pattern: [(value, bound) => typeof value !== 'string' || new RegExp(bound, 'u').test(value), 'must match'],
};

/** Throws `ValueParseError` for the first bound that a field of a nested class breaks; `null` breaks none. */
export function checkBounds(value: unknown, constraints: readonly Constraint[], progress: Progress): void {
  if (value === null) return;
  for (const { name, value: bound } of constraints) {
    const [holds, words] = CHECKS[name] ?? [];
    if (holds !== undefined && !holds(value, bound as number & string)) {
      throw new ValueParseError(`it ${words} ${bound}`, progress.path);
    }
  }
}

function isMultiple(value: number, step: number): boolean {
  const ratio = value / step;
  return Math.abs(ratio - Math.round(ratio)) < 1e-9;
}
