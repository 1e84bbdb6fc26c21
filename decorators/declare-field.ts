import type { FieldOptions } from './field-options';
import { addFieldRecord, addStandardFieldRecord, type Declarer, designTypeOf, type FieldRecord } from './metadata';

/**
 * Declares a field of a class: what `@Input` and `@Output` do, for plain JavaScript.
 *
 * ```js
 * class QA extends Signature {}
 * declareField(QA, 'question', 'input', { type: String });
 * ```
 * `designType` is the constructor that a compiler would emit. Nothing is checked before the class is read.
 */
export function declareField(
  declarer: Declarer,
  name: string,
  role: FieldRecord['role'],
  options: FieldOptions = {},
  ...designType: [] | [unknown]
): void {
  addFieldRecord(declarer, { name, role, options, designType: designType[0], emitted: designType.length > 0 });
}

/** The record of one decorated property; serves both kinds of decorators. */
export function recordField(role: FieldRecord['role'], options: FieldOptions, target: unknown, key: unknown): void {
  if (isStandardContext(key)) {
    const record = { name: String(key.name), role, options, designType: undefined, emitted: false };
    addStandardFieldRecord(key.metadata, record);
    return;
  }
  const name = String(key);
  const prototype = target as object;
  const declarer = (typeof prototype === 'function' ? prototype : prototype.constructor) as Declarer;
  addFieldRecord(declarer, { name, role, options, ...designTypeOf(prototype, name) });
}

function isStandardContext(key: unknown): key is { name: PropertyKey; metadata: object } {
  return (
    typeof key === 'object' && key !== null && 'kind' in key && 'metadata' in key && typeof key.metadata === 'object'
  );
}
