import { validate } from '../../src/core/signatures/coercion/validate';
import { defineFields } from '../../src/core/util/define-fields';
import { decodeOwnValue } from './custom/decode-custom';
import type { NamedTypes } from './decode-type';
import { NotApplicable } from './not-applicable';

const FLOATS: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  nan: Number.NaN,
};
/**
 * A recorded value as JavaScript has it: tuples and sets are arrays, `datetime` a `Date` that knows how it was written;
 * days, times, durations, decimals and UUIDs are text, bytes a `Uint8Array`.
 */
// biome-ignore lint/suspicious/noExplicitAny: recorded values are tagged JSON
export function decodeValue(value: any, types: NamedTypes): unknown {
  if (Array.isArray(value)) return value.map((item) => decodeValue(item, types));
  if (value === null || typeof value !== 'object') return value;
  const [tag] = Object.keys(value);
  if (tag === undefined || !tag.startsWith('$')) return decodeMembers(value, types);
  const content = value[tag];
  switch (tag) {
    case '$float':
      return FLOATS[content] ?? Number(content);
    case '$int':
      return BigInt(content);
    case '$date':
    case '$uuid':
    case '$decimal':
      return content;
    case '$time':
      return validate(content, { kind: 'time' });
    case '$timedelta':
      return validate(Number(content), { kind: 'timedelta' });
    case '$bytes':
      return new Uint8Array(Buffer.from(content, 'base64'));
    case '$sha256':
      return value;
    case '$datetime':
      return validate(content, { kind: 'datetime' });
    case '$tuple':
    case '$set':
    case '$frozenset':
      return decodeValue(content, types);
    case '$dict':
      return new Map(content.map((entry: [unknown, unknown]) => entry.map((part) => decodeValue(part, types))));
    case '$example':
    case '$prediction':
      return decodeMembers(content, types);
    case '$enum': {
      const type = types.get(content);
      if (type?.kind === 'enum') return type.members.find((member) => member.name === value.member)?.value;
      throw new Error(`a value of an unknown enum '${content}'`);
    }
    case '$dataclass':
    case '$model': {
      const type = types.get(content);
      if (type?.kind === 'custom') return type.behaviour.parse(decodeMembers(value.fields, types));
      const made = type?.kind === 'model' && type.construct ? new type.construct() : {};
      return defineFields(made, decodeMembers({ ...value.fields, ...value.extra }, types), true);
    }
    default: {
      const own = decodeOwnValue(tag, decodeValue(content, types), decodeValue(value.results, types));
      if (own !== undefined) return own;
      throw new NotApplicable(`later issue: values of the kind '${tag}'`);
    }
  }
}

function decodeMembers(members: object, types: NamedTypes): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, decodeValue(member, types)]));
}
