import type { ValidationError, validateSync } from 'class-validator';
import type { Declarer } from '../../../decorators/metadata';
import type { FieldSpec, FieldValues } from './field-spec';
import type { FieldProblem } from './signature-spec';
import { admitsNone, type Constraint, INT, type LiteralValue, type TypeSpec } from './type-spec';

/**
 * The door to class-validator: its constraints are told to the LM (as pydantic's bounds) and enforced on outputs. It is
 * slow to load, so it is not loaded here: whoever decorated a class with it has loaded it, and it keeps one storage for
 * the whole process in a global variable.
 */

/** What is read of an entry of class-validator's storage. */
interface Rule {
  readonly name?: string;
  readonly propertyName: string;
  readonly constraints?: readonly unknown[];
  readonly each?: boolean;
}

interface RuleStorage {
  getTargetValidationMetadatas(
    target: unknown,
    schema: string,
    always: boolean,
    strictGroups: boolean,
  ): readonly Rule[];
}

/** A type with the bounds on its values. */
export interface Constrained {
  readonly type: TypeSpec;
  readonly constraints: readonly Constraint[];
}

/**
 * The type and bounds of a property after its class-validator decorators: `@Min(0)` is a bound, `@IsInt()` makes a
 * number an `int`, `@IsIn([...])` and `@IsEnum(E)` make a text or number a literal. Order is that of the source.
 */
export function applyConstraints(declarer: Declarer, property: string, given: TypeSpec): Constrained {
  // decorators of one property run from the last to the first
  const rules = rulesOf(declarer, property).reverse();
  const type = rules.reduce(narrow, given);
  const constraints = rules.filter((rule) => rule.each !== true).flatMap((rule) => boundsOf(rule, type));
  return { type, constraints };
}

/** A check of outputs against the class-validator decorators of a class, or undefined when it has none. */
export function checkerFor(
  declarer: Declarer,
  fields: readonly FieldSpec[],
): ((outputs: FieldValues) => readonly FieldProblem[]) | undefined {
  if (storage() === undefined) return undefined;
  const outputs = fields.filter((field) => field.role === 'output');
  return (values) => {
    const object = Object.assign(Object.create(declarer.prototype), values);
    const rows = rulesOf(declarer).length === 0 ? [] : validate(object);
    return outputs.flatMap((field) => {
      const value = values[field.name];
      if ((value === null || value === undefined) && admitsNone(field.type)) return [];
      const own = rows.filter((row) => row.property === field.name).flatMap((row) => messagesOf(row));
      return [...own, ...nestedMessages(value, field.name)].map((message) => ({ field: field.name, message }));
    });
  };
}

/** Problems of class instances inside a value, whether or not `@ValidateNested()` was written. */
function nestedMessages(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => nestedMessages(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  const rules = Object.getPrototypeOf(value) === Object.prototype ? [] : rulesOf(value.constructor as Declarer);
  const own =
    rules.length === 0 ? [] : validate(value).flatMap((row) => (isEmptyOptional(row, value) ? [] : messagesOf(row)));
  const inner = Object.entries(value).flatMap(([name, item]) => nestedMessages(item, `${path}.${name}`));
  return [...own.map((message) => `${path}: ${message}`), ...inner];
}

/** A value that was left out is not judged: whether it may be is a matter of its type. */
function isEmptyOptional(row: ValidationError, value: object): boolean {
  return (Reflect.get(value, row.property) ?? null) === null;
}

function messagesOf(row: ValidationError): string[] {
  return Object.entries(row.constraints ?? {})
    .filter(([name]) => name !== 'nestedValidation' && name !== 'unknownValue')
    .map(([, message]) => message);
}

function validate(object: object): ValidationError[] {
  // loaded already by whoever decorated the class
  const door = require('class-validator') as { validateSync: typeof validateSync };
  return door.validateSync(object, { forbidUnknownValues: false });
}

function storage(): RuleStorage | undefined {
  return (globalThis as { classValidatorMetadataStorage?: RuleStorage }).classValidatorMetadataStorage;
}

function rulesOf(declarer: Declarer, property?: string): Rule[] {
  const rules = storage()?.getTargetValidationMetadatas(declarer, '', false, false) ?? [];
  return rules.filter((rule) => property === undefined || rule.propertyName === property);
}

/** The type as far as a rule makes it narrower. */
function narrow(type: TypeSpec, rule: Rule): TypeSpec {
  if (rule.each === true && type.kind === 'list' && type.item !== undefined) {
    return { kind: 'list', item: narrow(type.item, { ...rule, each: false }) };
  }
  if (rule.each === true) return type;
  if (rule.name === 'isInt' && type.kind === 'float') return INT;
  if ((rule.name === 'isIn' || rule.name === 'isEnum') && ['str', 'int', 'float'].includes(type.kind)) {
    const values = rule.constraints?.[rule.name === 'isIn' ? 0 : 1];
    if (Array.isArray(values) && values.length > 0 && values.every(isLiteralValue)) return { kind: 'literal', values };
  }
  return type;
}

function isLiteralValue(value: unknown): value is LiteralValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

const BOUNDS: Readonly<Record<string, readonly Constraint['name'][]>> = {
  min: ['ge'],
  max: ['le'],
  isDivisibleBy: ['multiple_of'],
  minLength: ['min_length'],
  maxLength: ['max_length'],
  isLength: ['min_length', 'max_length'],
  arrayMinSize: ['min_length'],
  arrayMaxSize: ['max_length'],
};

const FIXED_BOUNDS: Readonly<Record<string, Constraint>> = {
  isPositive: { name: 'gt', value: 0 },
  isNegative: { name: 'lt', value: 0 },
  arrayNotEmpty: { name: 'min_length', value: 1 },
};

function boundsOf(rule: Rule, type: TypeSpec): Constraint[] {
  const name = rule.name ?? '';
  const [first, second] = rule.constraints ?? [];
  if (name === 'matches') return patternOf(first, second);
  if (name === 'isNotEmpty') return type.kind === 'str' ? [{ name: 'min_length', value: 1 }] : [];
  const fixed = FIXED_BOUNDS[name];
  if (fixed !== undefined) return [fixed];
  return (BOUNDS[name] ?? []).flatMap((bound, index) => {
    const value = index === 0 ? first : second;
    return typeof value === 'number' ? [{ name: bound, value }] : [];
  });
}

/** A pattern without flags; one that ignores case would say something else in a JSON Schema. */
function patternOf(pattern: unknown, modifiers: unknown): Constraint[] {
  const { source, flags } =
    pattern instanceof RegExp ? pattern : { source: pattern, flags: typeof modifiers === 'string' ? modifiers : '' };
  return typeof source === 'string' && /^[gu]*$/.test(flags) ? [{ name: 'pattern', value: source }] : [];
}
