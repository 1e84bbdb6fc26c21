import { shownValue, ValueParseError } from '../../errors/value-errors';
import { tagsOf } from '../schema/tags';
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
  if (type.discriminator !== undefined && value !== null) {
    return convert(value, tagged(value, type.options, type.discriminator, progress), progress);
  }
  let best: Match | undefined;
  const problems: string[] = [];
  for (const option of type.options) {
    const attempt: Progress = { ...progress, exactness: EXACT, fieldsSet: undefined };
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

/** The class that the discriminator of an object names, or that the value is an instance of. */
function tagged(value: unknown, options: readonly TypeSpec[], discriminator: string, progress: Progress): TypeSpec {
  const member = value instanceof Map ? value.get(discriminator) : Object(value)[discriminator];
  const found = options.find((option) => tagsOf(option, discriminator).includes(member));
  if (found !== undefined) return found;
  const tags = options.flatMap((option) => tagsOf(option, discriminator)).map(shownValue);
  const problem = `${discriminator} must be one of ${tags.join(', ')}, not ${shownValue(member)}`;
  throw new ValueParseError(problem, progress.path);
}

function isBetter(candidate: Progress, best: Progress): boolean {
  if (candidate.fieldsSet !== undefined && best.fieldsSet !== undefined && candidate.fieldsSet !== best.fieldsSet) {
    return candidate.fieldsSet > best.fieldsSet;
  }
  return candidate.exactness > best.exactness;
}
