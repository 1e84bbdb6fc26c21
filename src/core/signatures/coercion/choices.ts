import { shownValue, ValueParseError } from '../../errors/value-errors';
import type { EnumType, LiteralType } from '../type-spec';
import { LAX, type Progress, refuse } from './scalars';

/** One of the members of a literal. A number and a boolean that Python calls equal are equal: `1`, `true`. */
export function toLiteral(value: unknown, type: LiteralType, progress: Progress): unknown {
  if (type.values.some((member) => member === value)) return value;
  const equal = type.values.find((member) => member !== null && pythonEqual(member, value));
  if (equal !== undefined) {
    progress.exactness = LAX;
    return equal;
  }
  return refuse(progress, `one of ${type.values.map(shownValue).join(', ')}`, value);
}

/** The value of an enum member: by value; as the value of a field by the member's name too, inside another by its digits. */
export function toEnum(value: unknown, type: EnumType, progress: Progress, byName = false): string | number {
  const found =
    type.members.find((member) => pythonEqual(member.value, value)) ??
    type.members.find((member) => (byName ? member.name === value : isDigits(member.value, value)));
  if (found !== undefined) {
    progress.exactness = LAX;
    return found.value;
  }
  const wanted = type.members.map((member) => shownValue(member.value)).join(', ');
  throw new ValueParseError(`it must be one of ${wanted}, not ${shownValue(value)}`, progress.path);
}

function isDigits(member: string | number, value: unknown): boolean {
  return typeof member === 'number' && typeof value === 'string' && value.trim() === String(member);
}

/** Python's `==` of scalars: numbers and booleans are compared by number. */
export function pythonEqual(a: unknown, b: unknown): boolean {
  return a === b || (isNumber(a) && isNumber(b) && Number(a) === Number(b));
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
}
