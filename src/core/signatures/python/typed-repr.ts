import type { ModelType, TypeSpec } from '../type-spec';
import { MARKER_END, MARKER_START } from '../values/custom-parts';
import { CustomType } from '../values/custom-type';
import { dumpValue, itemTypes, memberType, modelOf, option } from './dump';
import { pythonJson } from './json-text';
import { pythonRepr } from './repr';

/**
 * A value as Python's `str()` prints it, which is how the two-step layout shows values: text as it is, `E.RED` for the member
 * of an enum, `name='Ada' age=36` for an instance of a class, `['a', 1.0]` for a list.
 */
export function pythonStr(value: unknown, type: TypeSpec | undefined): string {
  const member = enumMember(value, type);
  if (member !== undefined) return `${member.enum}.${member.name}`;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return isoText(value).replace('T', ' ').replace('Z', '+00:00');
  if (value instanceof CustomType) return customStr(value, type);
  const model = instanceModel(value, type);
  if (model !== undefined) return fieldTexts(value as object, model).join(' ');
  return typedRepr(value, type);
}

/** A value as Python's `repr` prints it, told apart by its declared type where JavaScript has one form for several. */
export function typedRepr(value: unknown, type: TypeSpec | undefined): string {
  const member = enumMember(value, type);
  if (member !== undefined) return `<${member.enum}.${member.name}: ${pythonRepr(dumpValue(value, undefined))}>`;
  if (value instanceof Date) return `datetime.datetime(${dateParts(value).join(', ')}, tzinfo=datetime.timezone.utc)`;
  if (typeof value === 'string' && type?.kind === 'date') {
    return `datetime.date(${value.split('-').map(Number).join(', ')})`;
  }
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

function sequence(items: readonly unknown[], type: TypeSpec | undefined, isSet: boolean): string {
  const kind = option(type, (each) => each.kind === 'list' || each.kind === 'set' || each.kind === 'tuple')?.kind;
  const itemType = itemTypes(type);
  const inner = items.map((item, at) => typedRepr(item, itemType(at))).join(', ');
  if (kind === 'tuple') return items.length === 1 ? `(${inner},)` : `(${inner})`;
  if (isSet || kind === 'set') return items.length === 0 ? 'set()' : `{${inner}}`;
  return `[${inner}]`;
}

/** Keys are texts in JavaScript, numbers only by their declared type. */
function keyRepr(key: unknown, type: TypeSpec | undefined): string {
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

/** Six digits of a second or none. */
function isoText(date: Date): string {
  return date.toISOString().replace(/\.(\d{3})Z$/, (_, ms: string) => (ms === '000' ? 'Z' : `.${ms}000Z`));
}

/** Year to minute, then second and microsecond as far as they are not zero. */
function dateParts(date: Date): readonly number[] {
  const micros = date.getUTCMilliseconds() * 1000;
  const day = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  const time = [date.getUTCHours(), date.getUTCMinutes()];
  const seconds = date.getUTCSeconds();
  return [...day, ...time, ...(seconds === 0 && micros === 0 ? [] : [seconds]), ...(micros === 0 ? [] : [micros])];
}
