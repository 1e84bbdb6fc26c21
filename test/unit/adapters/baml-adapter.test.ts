import { BAMLAdapter, RecursiveOutlineError } from 'dspex/adapters';
import { describe, expect, it } from 'vitest';
import { fieldSpec } from '../../../src/core/signatures/field-spec';
import { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import {
  BOOL,
  FLOAT,
  INT,
  type ModelField,
  type ModelType,
  optionalType,
  STR,
  type TypeSpec,
} from '../../../src/core/signatures/type-spec';

const adapter = new BAMLAdapter();
const POINT: ModelType = {
  kind: 'model',
  name: 'Point',
  doc: 'A place.\n\n  On a map.',
  fields: [
    { name: 'x', type: INT, desc: 'to the right' },
    { name: 'y', type: INT },
  ],
};

function spec(type: TypeSpec): SignatureSpec {
  const fields = [
    fieldSpec({ name: 'given', role: 'input', type }),
    fieldSpec({ name: 'result', role: 'output', type }),
  ];
  return new SignatureSpec({ fields });
}

/** What the model is told of an output of this type. */
function told(type: TypeSpec): string | undefined {
  const system = String(adapter.format(spec(type), [], {})[0]?.content);
  return /should be of type: ([\s\S]*)\n\n\[\[ ## completed/.exec(system)?.[1];
}

describe('an output is told in short', () => {
  it.each<[string, TypeSpec]>([
    ['string', STR],
    ['boolean', BOOL],
    ['float[]', { kind: 'list', item: FLOAT }],
    ['int[][]', { kind: 'list', item: { kind: 'list', item: INT } }],
    ['dict[string, int]', { kind: 'dict', key: STR, value: INT }],
    ['int or null', optionalType(INT)],
    ['int or string', { kind: 'union', options: [INT, STR] }],
    ['"a" or 1 or true or null', { kind: 'literal', values: ['a', 1, true, null] }],
    ['set', { kind: 'set', item: INT }],
  ])('as %s', (text, type) => {
    expect(told(type)).toBe(text);
  });

  it('as a block with comments, for a class', () => {
    expect(told(POINT)).toBe('# A place.\n# On a map.\n{\n  # to the right\n  x: int,\n  y: int,\n}');
    expect(told({ kind: 'list', item: POINT })).toBe('[\n  {\n    # to the right\n    x: int,\n    y: int,\n  }\n]');
    expect(told({ kind: 'model', name: 'Empty', fields: [] })).toBe('{\n  # No fields defined\n}');
  });

  it('in both places, for a class that is used in two fields', () => {
    const segment: TypeSpec = {
      kind: 'model',
      name: 'Segment',
      fields: [
        { name: 'start', type: POINT },
        { name: 'end', type: POINT },
      ],
    };
    expect(told(segment)?.match(/x: int/g)).toHaveLength(2);
  });

  it('unless its class contains itself, which is an error that names it', () => {
    const fields: ModelField[] = [{ name: 'label', type: STR }];
    const node: TypeSpec = { kind: 'model', name: 'Node', fields };
    fields.push({ name: 'children', type: { kind: 'list', item: node } });
    expect(() => told(node)).toThrow(RecursiveOutlineError);
    expect(() => told(node)).toThrow('cannot tell the class Node');
  });
});

it('an instance given as input is shown a member a line, other values as in the JSON adapter', () => {
  class Place {
    x = 1e-5;
    y = Number.NaN;
  }
  const type: TypeSpec = {
    kind: 'model',
    name: 'Place',
    construct: Place,
    fields: [
      { name: 'x', type: FLOAT },
      { name: 'y', type: FLOAT },
    ],
  };
  const question = (given: unknown) => String(adapter.format(spec(type), [], { given }).at(-1)?.content);
  expect(question(new Place())).toContain(
    '[[ ## given ## ]]\n{\n  "x": 0.00001,\n  "y": null\n}\n\nRespond with a JSON',
  );
  expect(question({ x: 1, y: 2 })).toContain('[[ ## given ## ]]\n{"x": 1.0, "y": 2.0}\n\n');
});

it('reads JSON, and has no further fallback', () => {
  expect(adapter.parse(spec(POINT), '{"result": {x: 1, y: 2,}}')).toEqual({ result: { x: 1, y: 2 } });
  expect(adapter.fallback).toBeUndefined();
  expect(() => adapter.parse(spec(POINT), '[[ ## result ## ]]\nx')).toThrow('BAMLAdapter could not parse the answer');
});
