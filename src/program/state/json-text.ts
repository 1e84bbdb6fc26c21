import { UnsavableValueError } from '../../core/errors/state-errors';
import { dateText } from '../../core/signatures/python/date-text';
import type { TypeSpec } from '../../core/signatures/type-spec';
import { jsonText as quoted } from '../../core/util/canonical-json';

/**
 * JSON as Python's orjson writes it with an indent of 2, so that both sides save the same bytes. The declared type says
 * whether a whole number is printed as `1` or `1.0`, which JavaScript's numbers do not know. NaN and infinity become
 * null. Throws `UnsavableValueError` for what JSON cannot hold.
 */
export function jsonText(value: unknown, type: TypeSpec | undefined, where: string): string {
  const writer = new Writer(where);
  writer.write(value, type, '\n');
  return `${writer.text}\n`;
}

/** One growing text, and the way to the value that is being written, which only errors need in words. */
class Writer {
  text = '';
  private readonly keys: (string | number)[] = [];
  private readonly around: object[] = [];

  constructor(private readonly where: string) {}

  write(value: unknown, type: TypeSpec | undefined, indent: string): void {
    if (typeof value === 'string') this.text += quoted(value);
    else if (value === null || typeof value === 'boolean') this.text += String(value);
    else if (typeof value === 'number') this.text += numberText(value, isFloat(type));
    else if (typeof value === 'bigint') this.text += this.bigintText(value);
    else if (typeof value !== 'object') throw this.unsavable(`is a ${typeof value}`);
    else if (value instanceof Date) this.text += JSON.stringify(dateText(value).replace(/Z$/, '+00:00'));
    else if (this.around.includes(value)) throw this.unsavable('contains itself');
    else {
      this.around.push(value);
      if (Array.isArray(value)) this.writeItems(value, type, indent);
      else this.writeMembers(value as Readonly<Record<string, unknown>>, type, indent);
      this.around.pop();
    }
  }

  private writeItems(items: readonly unknown[], type: TypeSpec | undefined, indent: string): void {
    const inner = `${indent}  `;
    let before = `[${inner}`;
    for (let at = 0; at < items.length; at += 1) {
      this.text += before;
      before = `,${inner}`;
      this.keys.push(at);
      this.write(items[at] ?? null, itemType(type, at), inner);
      this.keys.pop();
    }
    this.text += items.length === 0 ? '[]' : `${indent}]`;
  }

  private writeMembers(members: Readonly<Record<string, unknown>>, type: TypeSpec | undefined, indent: string): void {
    if (members instanceof Set || members instanceof Map || ArrayBuffer.isView(members)) {
      throw this.unsavable(`is a ${members.constructor.name}`);
    }
    const inner = `${indent}  `;
    const first = `{${inner}`;
    let before = first;
    for (const key of Object.keys(members)) {
      const member = members[key];
      if (member === undefined) continue;
      this.text += `${before}${quoted(key)}: `;
      before = `,${inner}`;
      this.keys.push(key);
      this.write(member, memberType(type, key), inner);
      this.keys.pop();
    }
    this.text += before === first ? '{}' : `${indent}}`;
  }

  private bigintText(value: bigint): string {
    if (value >= -(2n ** 63n) && value < 2n ** 64n) return String(value);
    throw this.unsavable(`is the integer ${value}, which has more than 64 bits`);
  }

  private unsavable(problem: string): UnsavableValueError {
    const way = this.keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`));
    return new UnsavableValueError(this.where + way.join(''), problem);
  }
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
