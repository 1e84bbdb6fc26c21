import { UnsavableValueError } from '../../core/errors/state-errors';
import { dateText } from '../../core/signatures/python/date-text';
import type { TypeSpec } from '../../core/signatures/type-spec';

/**
 * JSON as Python's orjson writes it with an indent of 2, so that both sides save the same bytes. The declared type says
 * whether a whole number is printed as `1` or `1.0`, which JavaScript's numbers do not know. NaN and infinity become
 * null. Throws `UnsavableValueError` for what JSON cannot hold.
 */
export function jsonText(value: unknown, type: TypeSpec | undefined, where: string): string {
  return `${written(value, type, where, '\n', [])}\n`;
}

function written(value: unknown, type: TypeSpec | undefined, where: string, indent: string, around: object[]): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return numberText(value, isFloat(type));
  if (typeof value === 'bigint') return bigintText(value, where);
  if (typeof value !== 'object') throw new UnsavableValueError(where, `is a ${typeof value}`);
  if (value instanceof Date) return JSON.stringify(dateText(value).replace(/Z$/, '+00:00'));
  if (around.includes(value)) throw new UnsavableValueError(where, 'contains itself');

  const inner = `${indent}  `;
  const path = [...around, value];
  if (Array.isArray(value)) {
    const items = value.map((item, index) =>
      written(item ?? null, itemType(type, index), `${where}[${index}]`, inner, path),
    );
    return items.length === 0 ? '[]' : `[${inner}${items.join(`,${inner}`)}${indent}]`;
  }
  if (value instanceof Set || value instanceof Map || ArrayBuffer.isView(value)) {
    throw new UnsavableValueError(where, `is a ${value.constructor.name}`);
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => {
      const text = written(member, memberType(type, key), `${where}.${key}`, inner, path);
      return `${JSON.stringify(key)}: ${text}`;
    });
  return members.length === 0 ? '{}' : `{${inner}${members.join(`,${inner}`)}${indent}}`;
}

/** Shortest digits; an exponent below 1e-5 and from 1e16 on. */
function numberText(value: number, float: boolean): string {
  if (!Number.isFinite(value)) return 'null';
  if (Object.is(value, -0)) return '-0.0';
  if (Number.isInteger(value) && !float && Number.isSafeInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-5 || size >= 1e16)) return value.toExponential();
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function bigintText(value: bigint, where: string): string {
  if (value >= -(2n ** 63n) && value < 2n ** 64n) return String(value);
  throw new UnsavableValueError(where, `is the integer ${value}, which has more than 64 bits`);
}

function isFloat(type: TypeSpec | undefined): boolean {
  if (type?.kind === 'union') {
    return type.options.some(isFloat) && !type.options.some((option) => option.kind === 'int');
  }
  return type?.kind === 'float';
}

function itemType(type: TypeSpec | undefined, index: number): TypeSpec | undefined {
  switch (type?.kind) {
    case 'list':
    case 'set':
      return type.item;
    case 'tuple':
      return type.variadic === true ? type.items[0] : type.items[index];
    case 'union':
      return type.options.map((option) => itemType(option, index)).find((option) => option !== undefined);
    default:
      return undefined;
  }
}

function memberType(type: TypeSpec | undefined, key: string): TypeSpec | undefined {
  switch (type?.kind) {
    case 'dict':
      return type.value;
    case 'model':
      return type.fields.find((field) => field.name === key)?.type;
    case 'union':
      return type.options.map((option) => memberType(option, key)).find((option) => option !== undefined);
    default:
      return undefined;
  }
}
