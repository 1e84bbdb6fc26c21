import type { Vector } from '../suite';
import { textHash } from './text-hash';

/** Facts that the recorder added to an input; they follow from the rest, and some quote the reference's own texts. */
const FACTS = ['type_name', 'json_schema', 'constraints_text'];
/** What the reference told a person; nothing compares it. */
const TOLD = ['logs', 'history'];
const TOLD_OF_ERRORS = ['message', 'errors'];
/** Always the reference's own layout. */
const LAYOUTS = ['messages', 'file_text'];
/** A longer text of several words that the input does not hold is taken for a sentence of the reference. */
const SHORT = 32;

/**
 * A vector that may stand in the repository: the input without the recorder's remarks, and what is expected of it with
 * hashes in place of messages and of every text that is neither short nor a part of the input.
 */
export function pinVector({ id, group, input, expect }: Vector): Vector {
  const given = pinInput(input);
  const own = JSON.stringify(given);
  const compared = mapMembers(expect, (name, member) => (TOLD.includes(name) ? undefined : member));
  return { id, group, input: given, expect: pinExpected(compared, own) };
}

function pinInput(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pinInput);
  if (value === null || typeof value !== 'object') return value;
  const described = 'instructions_given' in value;
  // Whether the reference took the default instructions shows in whether the text is empty; its wording is not needed.
  const asDefault = described && (value.instructions_given === null || value.instructions_given === '');
  return mapMembers(value, (name, member) => {
    if (FACTS.includes(name) && 'type' in value) return undefined;
    if (asDefault && name === 'instructions' && member !== '') return textHash(member);
    return pinInput(member);
  });
}

function pinExpected(value: unknown, given: string): unknown {
  if (typeof value === 'string') {
    const known = value.length <= SHORT || !/\s/.test(value) || given.includes(JSON.stringify(value).slice(1, -1));
    return known ? value : textHash(value);
  }
  if (Array.isArray(value)) return value.map((item) => pinExpected(item, given));
  if (value === null || typeof value !== 'object') return value;
  const isError = 'class' in value && 'message' in value;
  return mapMembers(value, (name, member) => {
    if (isError && TOLD_OF_ERRORS.includes(name)) return undefined;
    return LAYOUTS.includes(name) ? textHash(member) : pinExpected(member, given);
  });
}

function mapMembers(value: object, change: (name: string, member: unknown) => unknown): object {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const changed = change(name, member);
      return changed === undefined ? [] : [[name, changed]];
    }),
  );
}
