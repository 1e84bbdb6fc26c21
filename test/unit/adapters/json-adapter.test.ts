import { JSONAdapter } from 'dspex/adapters';
import { describe, expect, it } from 'vitest';
import { NO_CAPABILITIES } from '../../../src/core/ports/lm';
import { fieldSpec } from '../../../src/core/signatures/field-spec';
import { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import { INT, STR, type TypeSpec } from '../../../src/core/signatures/type-spec';

const POINT: TypeSpec = {
  kind: 'model',
  name: 'Point',
  fields: [
    { name: 'x', type: INT },
    { name: 'label', type: STR, default: { value: null } },
  ],
};
const adapter = new JSONAdapter();

function outputs(...types: TypeSpec[]): SignatureSpec {
  const fields = types.map((type, at) => fieldSpec({ name: `f${at}`, role: 'output', type }));
  return new SignatureSpec({ fields: [fieldSpec({ name: 'q', role: 'input', type: STR }), ...fields] });
}

describe('the response format', () => {
  const able = { ...NO_CAPABILITIES, jsonMode: true, jsonSchema: true };

  it('is a strict schema of the outputs: all required, all closed, no default of null', () => {
    expect(adapter.requestOptions(outputs(POINT, INT), able)).toEqual({
      responseFormat: {
        type: 'json_schema',
        name: 'DSPyProgramOutputs',
        strict: true,
        schema: {
          type: 'object',
          title: 'DSPyProgramOutputs',
          properties: { f0: { $ref: '#/$defs/Point' }, f1: { type: 'integer', title: 'F1' } },
          required: ['f0', 'f1'],
          additionalProperties: false,
          $defs: {
            Point: {
              type: 'object',
              title: 'Point',
              properties: { x: { type: 'integer', title: 'X' }, label: { type: 'string', title: 'Label' } },
              required: ['x', 'label'],
              additionalProperties: false,
            },
          },
        },
      },
    });
  });

  it.each<readonly [string, TypeSpec]>([
    ['a dictionary', { kind: 'dict', key: STR, value: INT }],
    ['a list of dictionaries', { kind: 'list', item: { kind: 'dict', key: STR, value: INT } }],
  ])('is any JSON object for %s, because a strict schema forbids free keys', (_, type) => {
    expect(adapter.requestOptions(outputs(type), able)).toEqual({ responseFormat: { type: 'json_object' } });
  });

  it('follows what the model can do', () => {
    expect(adapter.requestOptions(outputs(INT), { ...NO_CAPABILITIES, jsonMode: true })).toEqual({
      responseFormat: { type: 'json_object' },
    });
    expect(adapter.requestOptions(outputs(INT), NO_CAPABILITIES)).toEqual({});
  });
});

describe('an answer', () => {
  it.each([
    ['alone', '{"f0": "a", "f1": 1}'],
    ['in a code fence', 'Here:\n```json\n{"f0": "a", "f1": 1}\n```\nDone.'],
    ['after braces in prose', 'With {this} in mind: {"f0": "a", "f1": 1}'],
    ['in Python', "{'f0': 'a', 'f1': 1,}"],
    ['in a list', '[{"f0": "a", "f1": 1}]'],
    ['in a JSON string', '"{\\"f0\\": \\"a\\", \\"f1\\": 1}"'],
    ['cut off', '{"f0": "a", "f1": 1'],
    ['with more than was asked', '{"f0": "a", "f1": "1", "__proto__": {"x": 1}}'],
  ])('is found %s', (_, completion) => {
    const parsed = adapter.parse(outputs(STR, INT), completion);
    expect(parsed).toEqual({ f0: 'a', f1: 1 });
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  });

  it.each(['', 'I cannot.', '[1, 2]', 'null', '"f0"'])('that is no object, %j, is refused', (completion) => {
    expect(() => adapter.parse(outputs(STR), completion)).toThrow('there is no JSON object in the answer');
  });

  it('keeps a list given for a text as JSON', () => {
    expect(adapter.parse(outputs(STR), '{"f0": ["a", {"b": 1}]}')).toEqual({ f0: '["a", {"b": 1}]' });
  });
});

it('refuses options: it has none', () => {
  const options = { useJSONAdapterFallback: true } as object as Record<string, never>;
  expect(() => new JSONAdapter(options)).toThrow("JSONAdapter has no option 'useJSONAdapterFallback'");
});
