import type { ModelType, TypeSpec } from '../type-spec';
import { MARKER_END, MARKER_START } from '../values/custom-parts';
import { CustomType } from '../values/custom-type';
import { bytesLiteral } from './bytes-text';
import { dateText } from './date-text';
import { dumpValue, itemTypes, memberType, modelOf, option } from './dump';
import { pythonJson } from './json-text';
import { dateRepr, datetimeRepr, datetimeStr, timedeltaRepr, timedeltaStr, timeRepr } from './moment-repr';
import { pythonRepr } from './repr';

/**
 * A value as Python's `str()` prints it, which is how the two-step layout shows values: text as it is, `E.RED` for the member
 * of an enum, `name='Ada' age=36` for an instance of a class, `['a', 1.0]` for a list.
 */
export function pythonStr(value: unknown, type: TypeSpec | undefined): string {
  const member = enumMember(value, type);
  if (member !== undefined) return `${member.enum}.${member.name}`;
  if (typeof value === 'string') return scalarKind(type) === 'timedelta' ? timedeltaStr(value) : value;
  if (value instanceof Date) return datetimeStr(dateText(value));
  if (value instanceof CustomType) return customStr(value, type);
  const model = instanceModel(value, type);
  if (model !== undefined) return fieldTexts(value as object, model).join(' ');
  return typedRepr(value, type);
}

/** A value as Python's `repr` prints it, told apart by its declared type where JavaScript has one form for several. */
export function typedRepr(value: unknown, type: TypeSpec | undefined): string {
  const member = enumMember(value, type);
  if (member !== undefined) return `<${member.enum}.${member.name}: ${pythonRepr(dumpValue(value, undefined))}>`;
  if (value instanceof Date) return datetimeRepr(dateText(value));
  if (value instanceof Uint8Array) return bytesLiteral(value);
  if (typeof value === 'string') return (TEXTS[scalarKind(type) ?? 'str'] ?? pythonRepr)(value);
  if (typeof value !== 'object' || value === null) return pythonRepr(dumpValue(value, type));
  if (value instanceof CustomType) return customRepr(value, type);
  if (Array.isArray(value) || value instanceof Set) return sequence([...value], type, value instanceof Set);
  const model = instanceModel(value, type);
  if (model !== undefined) return `${model.name}(${fieldTexts(value, model).join(', ')})`;
  const entries: Iterable<[unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  const dict = option(type, (each) => each.kind === 'dict');
  const key = dict?.kind === 'dict' ? dict.key : undefined;
  const members = [...entries].map(
    ([name, inner]) => `${keyRepr(name, key)}: ${typedRepr(inner, memberType(type, value, name))}`,
  );
  return `{${members.join(', ')}}`;
}

/** Values that are texts in JavaScript and have a class of their own in Python. */
const TEXTS: Readonly<Partial<Record<TypeSpec['kind'], (text: string) => string>>> = {
  date: dateRepr,
  datetime: datetimeRepr,
  time: timeRepr,
  timedelta: timedeltaRepr,
  decimal: (text) => `Decimal('${text}')`,
  uuid: (text) => `UUID('${text}')`,
  complex: (text) => text,
};

function scalarKind(type: TypeSpec | undefined): TypeSpec['kind'] | undefined {
  return option(type, ({ kind }) => kind === 'str' || TEXTS[kind] !== undefined)?.kind;
}

const SEQUENCES: ReadonlySet<TypeSpec['kind']> = new Set(['list', 'set', 'frozenset', 'tuple'] as const);

function sequence(items: readonly unknown[], type: TypeSpec | undefined, isSet: boolean): string {
  const kind = option(type, (each) => SEQUENCES.has(each.kind))?.kind;
  const itemType = itemTypes(type);
  const inner = items.map((item, at) => typedRepr(item, itemType(at))).join(', ');
  if (kind === 'tuple') return items.length === 1 ? `(${inner},)` : `(${inner})`;
  if (kind === 'frozenset') return items.length === 0 ? 'frozenset()' : `frozenset({${inner}})`;
  if (isSet || kind === 'set') return items.length === 0 ? 'set()' : `{${inner}}`;
  return `[${inner}]`;
}

/** Keys are texts in JavaScript, numbers only by their declared type. */
function keyRepr(key: unknown, type: TypeSpec | undefined): string {
  if (Array.isArray(key)) return sequence(key, { kind: 'tuple', items: [] }, false);
  return typeof key === 'string' && (type?.kind === 'int' || type?.kind === 'float') ? key : typedRepr(key, type);
}

function enumMember(value: unknown, type: TypeSpec | undefined): { enum: string; name: string } | undefined {
  const found = option(type, (each) => each.kind === 'enum' && each.members.some((member) => member.value === value));
  if (found?.kind !== 'enum') return undefined;
  return { enum: found.name, name: found.members.find((member) => member.value === value)?.name ?? '' };
}

function instanceModel(value: unknown, type: TypeSpec | undefined): ModelType | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const model = modelOf(type, value);
  return model?.construct !== undefined && value instanceof model.construct ? model : undefined;
}

function fieldTexts(value: object, model: ModelType): readonly string[] {
  return model.fields.map((field) => {
    const inner = Object.hasOwn(value, field.name) ? (value as Record<string, unknown>)[field.name] : undefined;
    return `${field.name}=${typedRepr(inner, field.type)}`;
  });
}

function customStr(value: CustomType, type: TypeSpec | undefined): string {
  const form = value.format();
  if (Array.isArray(form)) return MARKER_START + pythonJson(dumpValue(form, undefined)) + MARKER_END;
  const behaviour = behaviourOf(type);
  if (behaviour?.native === 'reasoning' && typeof form === 'string') return form;
  return behaviour?.shape === undefined ? String(value) : fieldTexts(value, behaviour.shape).join(' ');
}

function customRepr(value: CustomType, type: TypeSpec | undefined): string {
  const form = value.format();
  const behaviour = behaviourOf(type);
  if (behaviour?.native === 'reasoning' && typeof form === 'string') return pythonRepr(form);
  if (Array.isArray(form) || behaviour?.shape === undefined) return String(value);
  return `${behaviour.name}(${fieldTexts(value, behaviour.shape).join(', ')})`;
}

function behaviourOf(type: TypeSpec | undefined) {
  const custom = option(type, (each) => each.kind === 'custom');
  return custom?.kind === 'custom' ? custom.behaviour : undefined;
}
