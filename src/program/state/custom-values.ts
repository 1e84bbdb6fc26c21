import { JsonParseError } from '../../core/errors/value-errors';
import type { ContentPart } from '../../core/primitives/message';
import type { FieldValues } from '../../core/signatures/field-spec';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import type { TypeSpec } from '../../core/signatures/type-spec';
import { MARKER_END, MARKER_START } from '../../core/signatures/values/custom-parts';
import { CustomType } from '../../core/signatures/values/custom-type';
import { parseJson } from '../../core/util/json';
import { markedParts } from '../../lm/adapters/marked-parts';

/** An image or the like from a saved demo: its parts are known, what made them is not. */
export class SavedParts extends CustomType {
  constructor(readonly parts: readonly ContentPart[]) {
    super();
    Object.freeze(this);
  }

  override format(): readonly ContentPart[] {
    return this.parts;
  }
}

/** A value as saved: custom types in the form they have in prompts, parts as text between the reference's markers. */
export function savedValue(value: unknown): unknown {
  if (value instanceof CustomType) {
    const form = value.format();
    return Array.isArray(form) ? markedParts(form) : savedValue(form);
  }
  if (!holdsCustom(value)) return value;
  if (Array.isArray(value)) return value.map(savedValue);
  return Object.fromEntries(Object.entries(value as object).map(([key, member]) => [key, savedValue(member)]));
}

/** Values without custom types are saved as they are, whatever their class. */
function holdsCustom(value: unknown, depth = 0): boolean {
  if (value instanceof CustomType) return true;
  if (value === null || typeof value !== 'object' || depth > 64) return false;
  return Object.values(value).some((member) => holdsCustom(member, depth + 1));
}

/** Saved demos with their images and the like; only in fields that hold such types, so that marked text elsewhere stays text. */
export function loadedDemos(spec: SignatureSpec, demos: readonly FieldValues[]): readonly FieldValues[] {
  const fields = spec.fields.filter(({ type }) => namesCustom(type));
  if (fields.length === 0) return demos;
  return demos.map((demo) => {
    const given = fields.filter(({ name }) => Object.hasOwn(demo, name));
    return { ...demo, ...Object.fromEntries(given.map(({ name }) => [name, loadedValue(demo[name])])) };
  });
}

function loadedValue(value: unknown): unknown {
  if (typeof value === 'string') return loadedText(value);
  if (Array.isArray(value)) return value.map(loadedValue);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, loadedValue(member)]));
}

function loadedText(text: string): unknown {
  if (!text.startsWith(MARKER_START) || !text.endsWith(MARKER_END)) return text;
  try {
    const parts = parseJson(text.slice(MARKER_START.length, -MARKER_END.length));
    return Array.isArray(parts) ? new SavedParts(parts as ContentPart[]) : text;
  } catch (error) {
    if (error instanceof JsonParseError) return text;
    throw error;
  }
}

function namesCustom(type: TypeSpec | undefined, seen = new Set<TypeSpec>()): boolean {
  if (type === undefined || seen.has(type)) return false;
  seen.add(type);
  switch (type.kind) {
    case 'custom':
      return true;
    case 'list':
    case 'set':
      return namesCustom(type.item, seen);
    case 'dict':
      return namesCustom(type.value, seen);
    case 'tuple':
      return type.items.some((item) => namesCustom(item, seen));
    case 'union':
      return type.options.some((option) => namesCustom(option, seen));
    case 'model':
      return type.fields.some((field) => namesCustom(field.type, seen));
    default:
      return false;
  }
}
