import type { StandardIssue, StandardSchema } from '../../../../decorators/standard-schema';
import { AsyncSchemaError } from '../../errors/signature-errors';
import { ValueParseError } from '../../errors/value-errors';
import type { JsonSchema } from '../json-schema';
import type { CustomTypeSpec } from '../type-spec';
import { schemaName } from './schema-name';

const specs = new WeakMap<StandardSchema, CustomTypeSpec>();
/** What is asked for when a schema does not say what its values look like. */
const ANY_OBJECT: JsonSchema = Object.freeze({ type: 'object', additionalProperties: true });

/**
 * The type of a Zod, Valibot, ArkType or other Standard Schema, made once: its JSON Schema is shown to the LM, and its own
 * validation decides which answers are values. A schema that validates asynchronously is refused at its first answer.
 */
export function standardSpec(schema: StandardSchema): CustomTypeSpec {
  const known = specs.get(schema);
  if (known !== undefined) return known;
  const shown = jsonSchemaIn(schema) ?? ANY_OBJECT;
  const spec: CustomTypeSpec = Object.freeze({
    kind: 'custom',
    behaviour: Object.freeze({
      name: schemaName(shown),
      description: '',
      shape: undefined,
      schema: shown,
      textToo: true,
      parse: (given: unknown) => validated(schema, given),
    }),
  });
  specs.set(schema, spec);
  return spec;
}

function validated(schema: StandardSchema, given: unknown): unknown {
  const standard = schema['~standard'];
  const result = standard.validate(given);
  if (result instanceof Promise) {
    result.catch(() => undefined); // nobody else waits for it
    throw new AsyncSchemaError(standard.vendor);
  }
  if (result.issues === undefined) return result.value;
  const [first] = result.issues;
  if (result.issues.length === 1 && first !== undefined) throw new ValueParseError(first.message, pathOf(first));
  const problems = result.issues.map((issue) => [...pathOf(issue), ''].join('.').replace(/\.$/, ': ') + issue.message);
  throw new ValueParseError(problems.join('; '));
}

function pathOf({ path = [] }: StandardIssue): string[] {
  return path.map((part) => String(typeof part === 'object' ? part.key : part));
}

/** The JSON Schema of what a model shall answer, by whichever way the library offers it. */
function jsonSchemaIn(schema: StandardSchema): JsonSchema | undefined {
  const ways = [
    () => schema['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }),
    () => call(schema, 'toJSONSchema', { io: 'input' }),
    () => call(schema, 'toJsonSchema'),
  ];
  for (const way of ways) {
    try {
      const found = way();
      if (typeof found === 'object' && found !== null) return withoutMarks(found);
    } catch {
      // a schema with parts that JSON Schema cannot say, a transformation for example
    }
  }
  return undefined;
}

function call(schema: object, method: string, ...given: unknown[]): unknown {
  const found: unknown = Reflect.get(schema, method);
  return typeof found === 'function' ? found.apply(schema, given) : undefined;
}

/** Without the names that libraries give to the schema itself. */
function withoutMarks(schema: object): JsonSchema {
  const { $schema: _dialect, '~standard': _standard, ...rest } = schema as Record<string, unknown>;
  return rest;
}
