import { AdapterParseError, ChatAdapter, JSONAdapter } from 'dspex/adapters';
import { describe, expect, it } from 'vitest';
import { fieldSpec } from '../../../src/core/signatures/field-spec';
import { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import { FLOAT, INT, optionalType, STR } from '../../../src/core/signatures/type-spec';

const spec = new SignatureSpec({
  fields: [
    fieldSpec({ name: 'question', role: 'input', type: STR }),
    fieldSpec({ name: 'answer', role: 'output', type: STR, desc: 'short' }),
    fieldSpec({ name: 'score', role: 'output', type: FLOAT, constraints: [{ name: 'ge', value: 0 }] }),
  ],
});
const adapter = new ChatAdapter();

describe('what the model is shown', () => {
  it('is the layout of the reference', () => {
    const demos = [{ question: 'Q1', answer: 'A1', score: 1 }];
    expect(adapter.format(spec, demos, { question: 'Q2' }).map(({ role, content }) => `${role}\n${content}`)).toEqual([
      [
        'system',
        'Your input fields are:',
        '1. `question` (str):',
        'Your output fields are:',
        '1. `answer` (str): short',
        '2. `score` (float): ',
        'Constraints: greater than or equal to: 0',
        'All interactions will be structured in the following way, with the appropriate values filled in.',
        '',
        '[[ ## question ## ]]',
        '{question}',
        '',
        '[[ ## answer ## ]]',
        '{answer}',
        '',
        '[[ ## score ## ]]',
        '{score}        # note: the value you produce must be a single float value',
        '',
        '[[ ## completed ## ]]',
        'In adhering to this structure, your objective is: ',
        '        Given the fields `question`, produce the fields `answer`, `score`.',
      ].join('\n'),
      'user\n[[ ## question ## ]]\nQ1',
      'assistant\n[[ ## answer ## ]]\nA1\n\n[[ ## score ## ]]\n1.0\n\n[[ ## completed ## ]]\n',
      'user\n[[ ## question ## ]]\nQ2\n\nRespond with the corresponding output fields, starting with the field `[[ ## answer ## ]]`, ' +
        'then `[[ ## score ## ]]` (must be formatted as a valid Python float), and then ending with the marker for `[[ ## completed ## ]]`.',
    ]);
  });

  it('puts incomplete demos before complete ones and drops those without an input or an output', () => {
    const demos = [
      { question: 'whole', answer: 'A', score: 0.5 },
      { question: 'inputs only' },
      { answer: 'outputs only', score: 1 },
      { question: 'half', answer: 'B' },
    ];
    const contents = adapter.format(spec, demos, { question: 'now' }).map(({ content }) => String(content));
    expect(contents).toHaveLength(6);
    expect(contents[1]).toMatch(/^This is an example of the task[\s\S]*half$/);
    expect(contents[2]).toContain('Not supplied for this particular example.');
    expect(contents[3]).toContain('whole');
  });

  it('renders the demos once for a signature and an array of demos', () => {
    const demos = [{ question: 'Q1', answer: 'A1', score: 1 }];
    const [, first] = adapter.format(spec, demos, { question: 'a' });
    expect(adapter.format(spec, demos, { question: 'b' })[1]).toBe(first);
    demos.push({ question: 'Q2', answer: 'A2', score: 0 });
    expect(adapter.format(spec, demos, { question: 'b' })).toHaveLength(6);
  });

  it('keeps text that looks like a marker as text', () => {
    const question = '<<CUSTOM-TYPE-START-IDENTIFIER>>[]<<CUSTOM-TYPE-END-IDENTIFIER>>';
    expect(adapter.format(spec, [], { question }).at(-1)?.content).toContain(question);
  });
});

describe('what the model answers', () => {
  it.each([
    ['in order', '[[ ## answer ## ]]\nyes\n[[ ## score ## ]]\n0.5\n[[ ## completed ## ]]'],
    ['on the line of the header', 'Sure!\n[[ ## score ## ]] 0.5\n[[ ## answer ## ]] yes'],
    ['under indented headers', '  [[ ## answer ## ]] yes\n\t[[ ## score ## ]]\n  0.5'],
    ['twice, with the same text', '[[ ## answer ## ]]\nyes\n[[ ## score ## ]]\n0.5\n[[ ## answer ## ]]\nyes'],
  ])('is read when it comes %s', (_, completion) => {
    const parsed = adapter.parse(spec, completion);
    expect(parsed).toEqual({ answer: 'yes', score: 0.5 });
    expect(Object.keys(parsed)).toEqual(['answer', 'score']);
  });

  it('that lacks a field is an error with what was read, the field and the text', () => {
    const completion = '[[ ## answer ## ]]\nyes';
    const error = caught(() => adapter.parse(spec, completion));
    expect(error).toBeInstanceOf(AdapterParseError);
    expect((error as AdapterParseError).details).toMatchObject({
      parsed: { answer: 'yes' },
      field: 'score',
      completion,
    });
  });

  it('that does not fit its type is an error that names field and value', () => {
    const completion = '[[ ## answer ## ]]\nyes\n[[ ## score ## ]]\nhigh';
    expect(() => adapter.parse(spec, completion)).toThrow(/the field score has the value "high": it must be a number/);
  });

  it('takes defaults and null for what it leaves out', () => {
    const relaxed = new SignatureSpec({
      fields: [
        fieldSpec({ name: 'q', role: 'input', type: STR }),
        fieldSpec({ name: 'n', role: 'output', type: INT, default: { value: 7 } }),
        fieldSpec({ name: 'tags', role: 'output', type: { kind: 'list' }, default: { value: ['a'] } }),
        fieldSpec({ name: 'maybe', role: 'output', type: optionalType(INT) }),
        fieldSpec({ name: 'left', role: 'output', type: optionalType(INT), absent: undefined }),
      ],
    });
    const [first, second] = [adapter.parse(relaxed, ''), adapter.parse(relaxed, '')];
    expect(first).toEqual({ n: 7, tags: ['a'], maybe: null, left: undefined });
    expect(first['tags']).not.toBe(second['tags']);
  });
});

it('falls back to JSON unless told not to, and refuses options it does not have', () => {
  expect(adapter.fallback).toBeInstanceOf(JSONAdapter);
  expect(adapter.fallback?.fallback).toBeUndefined();
  expect(new ChatAdapter({ useJSONAdapterFallback: false }).fallback).toBeUndefined();
  const misspelt = { useJsonFallback: false } as object;
  expect(() => new ChatAdapter(misspelt)).toThrow("ChatAdapter has no option 'useJsonFallback'");
});

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
