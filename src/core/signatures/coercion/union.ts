import { ValueParseError } from '../../errors/value-errors';
import type { TypeSpec, UnionType } from '../type-spec';
import { EXACT, type Progress } from './scalars';

/** Converts a value to one option; handed in, because options may be of any type, unions among them. */
type Convert = (value: unknown, type: TypeSpec, progress: Progress) => unknown;

interface Match {
  readonly value: unknown;
  readonly progress: Progress;
}

/**
 * The option that fits best (pydantic's smart mode): an exact one at once; among classes the one of which the value gives
 * most fields; else the least conversion; the first of equals.
 */
export function toUnion(value: unknown, type: UnionType, progress: Progress, convert: Convert): unknown {
  let best: Match | undefined;
  const problems: string[] = [];
  for (const option of type.options) {
    const attempt: Progress = { path: progress.path, exactness: EXACT, fieldsSet: undefined };
    try {
      const match = { value: convert(value, option, attempt), progress: attempt };
      if (attempt.exactness === EXACT && attempt.fieldsSet === undefined) {
        best = match;
        break;
      }
      if (best === undefined || isBetter(match.progress, best.progress)) best = match;
    } catch (error) {
      if (!(error instanceof ValueParseError)) throw error;
      if (option.kind !== 'none') problems.push(error.message);
    }
  }
  if (best === undefined) throw new ValueParseError([...new Set(problems)].join('; or '), []);
  progress.exactness = Math.min(progress.exactness, best.progress.exactness);
  if (best.progress.fieldsSet !== undefined) progress.fieldsSet = (progress.fieldsSet ?? 0) + best.progress.fieldsSet;
  return best.value;
}

function isBetter(candidate: Progress, best: Progress): boolean {
  if (candidate.fieldsSet !== undefined && best.fieldsSet !== undefined && candidate.fieldsSet !== best.fieldsSet) {
    return candidate.fieldsSet > best.fieldsSet;
  }
  return candidate.exactness > best.exactness;
}
