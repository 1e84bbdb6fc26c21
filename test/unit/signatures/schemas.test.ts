import { Input, Output, Signature } from 'dspex/decorators';
import { Predict, signature, specOf } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { StandardSchema } from '../../../decorators/standard-schema';
import { AsyncSchemaError } from '../../../src/core/errors/signature-errors';
import { NO_CAPABILITIES } from '../../../src/core/ports/lm';
import { parseValue } from '../../../src/core/signatures/coerce';
import { displayName } from '../../../src/core/signatures/display-name';
import { jsonSchemaOf } from '../../../src/core/signatures/json-schema';
import type { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import type { TypeSpec } from '../../../src/core/signatures/type-spec';
import { JSONAdapter } from '../../../src/lm/adapters/json-adapter';

const Person = z.object({ name: z.string().min(1), age: z.number().int().default(0) });
const Tree = z.object({
  value: z.number(),
  get children() {
    return z.array(Tree);
  },
});

class Extract extends Signature {
  @Input() readonly text!: string;
  @Output({ schema: Person }) person!: z.infer<typeof Person>;
}

/** A schema of no library: it validates, and does not say what its values look like. */
const even: StandardSchema<number> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      typeof value === 'number' && value % 2 === 0 ? { value } : { issues: [{ message: 'it must be even' }] },
  },
};

function typeOf(spec: SignatureSpec<never, never>, name: string): TypeSpec {
  return spec.field(name)?.type as TypeSpec;
}

describe('a field of a Standard Schema', () => {
  it('shows its JSON Schema, and reads answers with its defaults', () => {
    const type = typeOf(specOf(Extract) as never, 'person');
    expect(jsonSchemaOf(type)).toMatchObject({
      type: 'object',
      properties: { name: { type: 'string', minLength: 1 } },
    });
    expect(displayName(type)).toBe('dict[str, Any]');
    expect(parseValue('{"name": "Ada"}', type)).toEqual({ name: 'Ada', age: 0 });
  });

  it('leads from a broken rule to a corrective call that names the place', async () => {
    const lm = new DummyLM([
      { person: { name: 'Ada', age: 1.5 } },
      { person: { name: 'Ada', age: 1.5 } },
      { person: { name: 'Ada', age: 36 } },
    ]);
    const { person } = await new Predict(Extract).call({ text: 'Ada, 36' }, { lm });
    expect(person).toEqual({ name: 'Ada', age: 36 });
    expect(JSON.stringify(lm.requests.at(-1)?.messages)).toContain('age');
  });

  it('may contain itself', () => {
    const type = typeOf(signature('q -> tree: Tree', { types: { Tree } }) as never, 'tree');
    expect(JSON.stringify(jsonSchemaOf(type))).not.toContain('"$ref":"#"');
    expect(jsonSchemaOf(type)).toMatchObject({ $defs: { Value: { properties: { children: { type: 'array' } } } } });
    const leaf = { value: 2, children: [] };
    expect(parseValue(JSON.stringify({ value: 1, children: [leaf] }), type)).toEqual({ value: 1, children: [leaf] });
  });

  it('keeps a text that looks like a number when it wants text, also where it is optional', () => {
    const fields = {
      inputs: {},
      outputs: { code: { schema: z.string() }, more: { schema: z.string(), optional: true } },
    };
    const spec = signature(fields) as never;
    expect(parseValue('007', typeOf(spec, 'code'))).toBe('007');
    expect(parseValue('007', typeOf(spec, 'more'))).toBe('007');
  });

  it('without a JSON Schema asks for any object, and still decides what is a value', () => {
    const spec = signature({ inputs: {}, outputs: { n: even } });
    expect(jsonSchemaOf(typeOf(spec as never, 'n'))).toEqual({ type: 'object', additionalProperties: true });
    expect(parseValue('4', typeOf(spec as never, 'n'))).toBe(4);
    expect(() => parseValue('3', typeOf(spec as never, 'n'))).toThrow('it must be even');
    const capable = { ...NO_CAPABILITIES, jsonMode: true, jsonSchema: true };
    expect(new JSONAdapter().requestOptions(spec, capable)).toEqual({ responseFormat: { type: 'json_object' } });
  });

  it('is asked for strictly where it lists its keys', () => {
    const spec = signature({ inputs: {}, outputs: { person: z.strictObject({ name: z.string() }) } });
    const { responseFormat } = new JSONAdapter().requestOptions(spec, {
      ...NO_CAPABILITIES,
      jsonMode: true,
      jsonSchema: true,
    });
    expect(responseFormat).toMatchObject({
      type: 'json_schema',
      schema: { properties: { person: { required: ['name'] } } },
    });
  });

  it('is refused when it validates asynchronously', () => {
    const later = z.string().refine(async () => true);
    const spec = signature({ inputs: {}, outputs: { later } });
    expect(() => parseValue('x', typeOf(spec as never, 'later'))).toThrow(AsyncSchemaError);
  });
});
