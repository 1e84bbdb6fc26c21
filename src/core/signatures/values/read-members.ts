import { shownValue, ValueParseError } from '../../errors/value-errors';

export type Members = Readonly<Record<string, unknown>>;

/** The plain object that a value is. Throws `ValueParseError` for anything else, and with `only` for further members. */
export function readMembers(given: unknown, type: string, only?: readonly string[]): Members {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new ValueParseError(`it must be an object of the shape ${type}, not ${shownValue(given)}`);
  }
  const members = given instanceof Map ? Object.fromEntries(given) : (given as Members);
  const other = only === undefined ? undefined : Object.keys(members).find((name) => !only.includes(name));
  if (other !== undefined) throw new ValueParseError(`${type} has no member '${other}'`, [other]);
  return members;
}

/** A text member. Throws `ValueParseError` when it is missing or no text. */
export function textMember(members: Members, name: string, type: string): string {
  const value = members[name];
  if (typeof value === 'string') return value;
  const problem =
    value === undefined ? `the field ${name} of ${type} is missing` : `it must be a text, not ${shownValue(value)}`;
  throw new ValueParseError(problem, [name]);
}

/** A text member that may be missing or null. */
export function optionalText(members: Members, name: string, type: string): string | undefined {
  return members[name] === undefined || members[name] === null ? undefined : textMember(members, name, type);
}
