import { UnprintableValueError } from '../errors/value-errors';
import type { FieldSpec } from './field-spec';
import { type Dumped, dumpValue, NumberText } from './python/dump';
import { pythonJson } from './python/json-text';
import { CustomParts, placeOf } from './values/custom-parts';

/**
 * The text of a field's value in a prompt, as the reference prints it: text as it is, `True`, `None`, `1.0`, lists and
 * objects as JSON, and a list given to a `str` field as a numbered list. Throws `UnprintableValueError`.
 */
export function formatFieldValue(field: FieldSpec, value: unknown): string {
  if (field.type.kind === 'str' && Array.isArray(value)) return passages(value, field.name);
  return dumpedText(dumpField(field, value));
}

/** The value of a field reduced to JSON, its error naming the field; with `byAlias` under the aliases of nested classes. */
export function dumpField(field: FieldSpec, value: unknown, byAlias = false): Dumped {
  try {
    return dumpValue(value, field.type, 0, false, byAlias);
  } catch (error) {
    throw error instanceof UnprintableValueError ? new UnprintableValueError(error.problem, field.name) : error;
  }
}

/** Python's `str()` of a scalar, JSON of the rest. */
export function dumpedText(value: Dumped): string {
  if (typeof value === 'string') return value;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof CustomParts) return placeOf(value, false);
  return value instanceof NumberText ? value.text : pythonJson(value);
}

/** Several texts in one `str` field: numbered, and set apart by guillemets. */
function passages(items: readonly unknown[], field: string): string {
  const texts = items.map((item) => {
    if (typeof item === 'string') return item.includes('\n') || /[«»]/.test(item) ? block(item) : `«${item}»`;
    throw new UnprintableValueError('a list given to a text field may hold texts only', field);
  });
  if (texts.length <= 1) return texts[0] ?? 'N/A';
  return texts.map((text, at) => `[${at + 1}] ${text}`).join('\n');
}

function block(text: string): string {
  return `«««\n    ${text.replaceAll('\n', '\n    ')}\n»»»`;
}
