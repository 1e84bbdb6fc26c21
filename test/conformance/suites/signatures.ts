import type { TypeOptions } from '../../../decorators/field-options';
import { declareField, declareInstructions } from '../../../decorators/index';
import { Signature, type SignatureClass } from '../../../decorators/signature';
import { NoJsonSchemaError } from '../../../src/core/errors/signature-errors';
import { cleandoc } from '../../../src/core/signatures/cleandoc';
import { displayName } from '../../../src/core/signatures/display-name';
import { type FieldSpec, fieldSpec } from '../../../src/core/signatures/field-spec';
import { inferPrefix } from '../../../src/core/signatures/infer-prefix';
import { jsonSchemaOf } from '../../../src/core/signatures/json-schema';
import { type SignatureTypes, signature } from '../../../src/core/signatures/signature';
import type { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import { specOf } from '../../../src/core/signatures/spec-of';
import { constraintsText } from '../../../src/lm/adapters/field-lines';
import { describedSpec } from '../decode-signature';
import { NamedTypes, type TypeDescription } from '../decode-type';
import { NotApplicable } from '../not-applicable';
import { sameValue } from '../same-value';
import type { Outcome, Suite, Vector } from '../suite';

// biome-ignore lint/suspicious/noExplicitAny: each group has input and expectations of its own shape
type Recorded = any;

const REPLAYS: Readonly<Record<string, (input: Recorded, expect: Recorded) => Outcome>> = {
  string: (input, expect) => specOutcome(() => fromString(input), expect),
  'string-invalid': (input, expect) => specOutcome(() => fromString(input), expect),
  instructions: (input, expect) => specOutcome(() => fromString(input), expect),
  'custom-types': (input, expect) => specOutcome(() => fromString(input, decodeTypes(input.custom_types)), expect),
  make: ({ call }, expect) => specOutcome(() => made(call), expect),
  class: (input, expect) => specOutcome(() => specOf(decodeClass(input.class)), expect),
  derive: replayDerive,
  equals: (input, expect) => {
    if (!('right' in input))
      throw new NotApplicable('equals() takes a SignatureSpec only; the compiler refuses others');
    const [left, right] = [describedSpec(input.left), describedSpec(input.right)];
    return same([expect.equals, expect.reversed], [left.equals(right), right.equals(left)]);
  },
  'infer-prefix': (input, expect) => same(expect.prefix, inferPrefix(input.name)),
  cleandoc: (input, expect) => same(expect.text, cleandoc(input.text)),
};

/** What becomes of signature strings, classes and derivations. */
export const signaturesSuite: Suite = {
  file: 'signatures.jsonl',
  covers: (group) => Object.hasOwn(REPLAYS, group),
  replay: ({ group, input, expect }: Vector) => (REPLAYS[group] as (typeof REPLAYS)[string])(input, expect),
};

/** Classes of Python's library that JavaScript has no counterpart of. */
const PYTHONS_OWN = /[:[,|]\s*(?:fractions\.\w+|pathlib\.\w+|enum\.\w+|collections\.\w+)\b/;

function fromString(
  { string, instructions }: { string: string; instructions?: string | null },
  types?: SignatureTypes,
): SignatureSpec {
  const own = PYTHONS_OWN.exec(string)?.[0];
  if (own !== undefined) throw new NotApplicable(`a class of Python's library: ${own}`);
  return signature<string, SignatureTypes>(string, {
    ...(typeof instructions === 'string' ? { instructions } : {}),
    ...(types === undefined ? {} : { types }),
  });
}

function decodeTypes(described: Record<string, TypeDescription>): SignatureTypes {
  const types = new NamedTypes();
  return Object.fromEntries(Object.entries(described).map(([name, type]) => [name, types.decode(type)]));
}

/** What the vectors say in words, as dspex says it. */
const CALLS: readonly [RegExp, () => SignatureSpec][] = [
  [/string with instructions 'I'/, () => signature('a -> b', { instructions: 'I' })],
  [/names to bare fields/, () => signature({ inputs: { q: {} }, outputs: { a: {} } })],
  [/field is a string/, () => signature({ inputs: { q: 'x' as never }, outputs: {} })],
  [/name is the number 1/, () => signature({ inputs: { 1: {} }, outputs: {} })],
  [/\(None, input field q\) and \(int, output/, () => signature({ inputs: { q: null }, outputs: { a: 'int' } })],
];

function made(call: string): SignatureSpec {
  const found = CALLS.find(([words]) => words.test(call));
  if (found === undefined) throw new NotApplicable('a call of Python described in words');
  return found[1]();
}

function same(expected: unknown, actual: unknown): Outcome {
  return sameValue(expected, actual) ? { kind: 'equal' } : { kind: 'different', expected, actual };
}

function specOutcome(make: () => SignatureSpec, expect: Recorded): Outcome {
  let spec: SignatureSpec;
  try {
    spec = make();
  } catch (error) {
    if (error instanceof NotApplicable) throw error;
    return expect.error !== undefined
      ? { kind: 'equal' }
      : { kind: 'different', expected: expect, actual: String(error) };
  }
  if (expect.error !== undefined) return { kind: 'different', expected: expect.error, actual: spec.signature };
  return same(recordedSnapshot(expect), snapshot(spec));
}

function recordedSnapshot({ name, signature: text, instructions, fields, state }: Recorded): unknown {
  return { name, signature: text, instructions, fields: fields.map(recordedField), state };
}

function recordedField({
  kind,
  name,
  type_name,
  json_schema,
  desc,
  prefix,
  constraints,
  untyped,
  required,
  default: given,
  extra,
}: Recorded) {
  const later = Object.keys(extra)[0];
  if (later !== undefined) throw new NotApplicable(`fields hold no free metadata such as '${later}'`);
  return { kind, name, type_name, json_schema, desc, prefix, constraints, untyped, required, default: given };
}

/** A type without a schema is an error in the reference too, of another class. */
function schemaOf(type: FieldSpec['type']): unknown {
  try {
    return jsonSchemaOf(type);
  } catch (error) {
    if (error instanceof NoJsonSchemaError) return { $error: 'PydanticInvalidForJsonSchema' };
    throw error;
  }
}

function snapshot(spec: SignatureSpec): unknown {
  return {
    name: spec.name,
    signature: spec.signature,
    instructions: spec.instructions,
    fields: spec.fields.map((field) => ({
      kind: field.role,
      name: field.name,
      type_name: displayName(field.type),
      json_schema: schemaOf(field.type),
      desc: field.desc,
      prefix: field.prefix,
      constraints: field.constraints.length === 0 ? null : constraintsText(field.constraints),
      untyped: field.untyped,
      required: field.default === undefined,
      default: field.default?.value ?? null,
    })),
    state: {
      instructions: spec.instructions,
      fields: spec.fields.map(({ prefix, desc }) => ({ prefix, description: desc })),
    },
  };
}

function decodeClass({ docstring, fields, base }: Recorded, name = 'Made'): SignatureClass {
  const parent = base === undefined ? Signature : decodeClass(base, base.name);
  const made = { [name]: class extends (parent as unknown as new () => Signature) {} }[name] as SignatureClass;
  if (typeof docstring === 'string') declareInstructions(made, docstring);
  for (const field of fields) {
    if (field.kind !== 'input' && field.kind !== 'output') {
      throw new NotApplicable('a property without a decorator is no field, and there is nothing to refuse');
    }
    if (field.constraints) throw new NotApplicable("a class's constraints are class-validator's, not pydantic's");
    const { desc, prefix } = field;
    const given = 'default' in field ? { default: field.default } : {};
    const said = field.type === null ? {} : notation(field.type);
    declareField(made, field.name, field.kind, {
      ...said,
      ...(desc ? { desc } : {}),
      ...(prefix ? { prefix } : {}),
      ...given,
    });
  }
  return made;
}

function notation(type: TypeDescription): TypeOptions {
  switch (type.kind) {
    case 'str':
    case 'int':
    case 'float':
    case 'bool':
    case 'any':
      return { type: type.kind };
    case 'list':
      return { items: notation(type['item']) };
    case 'literal':
      return { oneOf: type['values'] };
    default:
      return { type: new NamedTypes().decode(type) as never };
  }
}

function replayDerive(input: Recorded, expect: Recorded): Outcome {
  const original = describedSpec(input.signature);
  const before = JSON.stringify(original);
  const outcome = specOutcome(() => input.steps.reduce(step, original), expect);
  return JSON.stringify(original) === before ? outcome : { kind: 'different', expected: before, actual: original };
}

function step(spec: SignatureSpec, { op, index, name, text, field, type, meta, state }: Recorded): SignatureSpec {
  switch (op) {
    case 'prepend':
      return spec.prepend(decodeField(field));
    case 'append':
      return spec.append(decodeField(field));
    case 'insert':
      return spec.insert(index, decodeField(field));
    case 'delete':
      return spec.omit(name);
    case 'with_instructions':
      return spec.withInstructions(text);
    case 'append_instructions':
      return spec.appendInstructions(text);
    case 'with_updated_fields': {
      if (typeof meta?.constraints === 'string') throw new NotApplicable('constraints are values, not free text');
      const { desc, prefix } = meta ?? {};
      return spec.withUpdatedField(name, {
        ...(type ? { type: new NamedTypes().decode(type) } : {}),
        ...(desc === undefined ? {} : { desc }),
        ...(prefix === undefined ? {} : { prefix }),
      });
    }
    case 'load_state':
      return spec.fields.reduce<SignatureSpec>((loaded, { name: at }, i) => {
        const row = state.fields[i];
        return row === undefined ? loaded : loaded.withUpdatedField(at, { prefix: row.prefix, desc: row.description });
      }, spec.withInstructions(state.instructions));
    default:
      throw new NotApplicable(`later issue: the operation '${op}'`);
  }
}

function decodeField({ name, kind, type, desc }: Recorded): FieldSpec {
  const decoded = new NamedTypes().decode(type ?? { kind: 'str' });
  return fieldSpec({ name, role: kind, type: decoded, ...(desc === undefined ? {} : { desc }) });
}
