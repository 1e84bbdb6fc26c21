import { AdapterParseError, XMLAdapter } from 'dspex/adapters';
import { describe, expect, it } from 'vitest';
import { fieldSpec } from '../../../src/core/signatures/field-spec';
import { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import { INT, optionalType, STR, type TypeSpec } from '../../../src/core/signatures/type-spec';

const ADDRESS: TypeSpec = {
  kind: 'model',
  name: 'Address',
  fields: [
    { name: 'street', type: STR },
    { name: 'tags', type: { kind: 'list', item: STR } },
  ],
};
const PERSON: TypeSpec = {
  kind: 'model',
  name: 'Person',
  fields: [
    { name: 'name', type: STR },
    { name: 'home', type: optionalType(ADDRESS), default: { value: null } },
  ],
};

function spec(outputs: Readonly<Record<string, TypeSpec>>): SignatureSpec {
  const question = fieldSpec({ name: 'question', role: 'input', type: STR });
  const fields = Object.entries(outputs).map(([name, type]) => fieldSpec({ name, role: 'output', type }));
  return new SignatureSpec({ fields: [question, ...fields] });
}

const adapter = new XMLAdapter();
const plain = spec({ answer: STR, score: INT });

describe('what the model is shown', () => {
  it('is each field in an element of its name, nested classes and lists as nested elements', () => {
    const messages = adapter.format(
      spec({ answer: STR, person: PERSON }),
      [{ question: 'Q1', answer: 'a < b & c', person: { name: 'Ada', home: { street: 's', tags: ['x', 'y'] } } }],
      { question: 'is 1 < 2?' },
    );
    const [system, , demo, question] = messages.map(({ content }) => String(content));
    const skeleton = '<person><name>...</name><home><street>...</street><tags><item>...</item></tags></home></person>';
    expect(system).toContain(`<question>\n{question}\n</question>\n\n<answer>\n{answer}\n</answer>\n\n${skeleton}\n`);
    expect(demo).toBe(
      '<answer>\na &lt; b &amp; c\n</answer>\n\n' +
        '<person><name>Ada</name><home><street>s</street><tags><item>x</item><item>y</item></tags></home></person>',
    );
    // Inputs are not escaped: the model reads them, nobody parses them.
    expect(question).toBe(
      '<question>\nis 1 < 2?\n</question>\n\n' +
        `Respond with the corresponding output fields wrapped in XML tags \`<answer>\`, then \`<person>\`. Use this nested XML structure: ${skeleton}`,
    );
  });

  it('keeps keys that are no names as attributes', () => {
    const counts: TypeSpec = { kind: 'dict', key: STR, value: INT };
    const answer = adapter.formatAnswer(spec({ counts }), { counts: { one: 1, 'two words': 2, '"quoted"': 3 } });
    expect(answer).toBe(
      '<counts><one>1</one><entry key="two words">2</entry><entry key=\'"quoted"\'>3</entry></counts>',
    );
    expect(adapter.parse(spec({ counts }), answer)).toEqual({ counts: { one: 1, 'two words': 2, '"quoted"': 3 } });
  });
});

describe('an answer', () => {
  it.each([
    ['with prose around', 'Sure:\n<answer>x</answer> and <score>1</score> bye', { answer: 'x', score: 1 }],
    [
      'with entities',
      '<answer>&lt;b&gt; &amp; &#065;&#x42;</answer><score>1</score>',
      { answer: '<b> & AB', score: 1 },
    ],
    ['with a CDATA section', '<answer><![CDATA[1 < 2]]></answer><score>1</score>', { answer: '1 < 2', score: 1 }],
    ['with comments', '<answer>x<!-- no -->y</answer><score>1</score>', { answer: 'xy', score: 1 }],
    [
      'with markup in a text',
      '<answer>a <em>b</em> c</answer><score>1</score>',
      { answer: 'a <em>b</em> c', score: 1 },
    ],
    ['with other elements', '<note/><answer>x</answer><score> 1 </score>', { answer: 'x', score: 1 }],
  ])('is read %s', (_, completion, values) => {
    expect(adapter.parse(plain, completion)).toEqual(values);
  });

  it.each([
    ['a bare &', '<answer>x & y</answer><score>1</score>', 'a bare & is written &amp;'],
    ['a bare <', '<answer>1 < 2</answer><score>1</score>', 'there is a < that opens no tag'],
    ['a tag that is not closed', '<answer>x<score>1</score>', '<answer> is not closed'],
    ['tags that cross', '<answer><b>x</answer></b>', '</answer> stands where </b> belongs'],
    ['an unknown entity', '<answer>&nbsp;</answer>', 'no entity of XML'],
    ['a number that is no character', '<answer>&#0;</answer>', '&#0; is no character'],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><answer>&a;</answer>', 'opens no tag'],
    ['an XML declaration', '<?xml version="1.0"?><answer>x</answer>', 'an XML declaration'],
    ['a character XML does not have', '<answer>\u0000</answer>', 'a character that XML does not allow'],
    ['an undeclared prefix', '<a:answer>x</a:answer>', 'the prefix of a:answer is not declared'],
    ['an end that was never begun', '</dspex>', 'closes nothing'],
  ])('with %s is refused in words', (_, completion, problem) => {
    expect(() => adapter.parse(plain, completion)).toThrow(problem);
    expect(() => adapter.parse(plain, completion)).toThrow(AdapterParseError);
  });

  it('that lacks a field says which, and keeps what was there', () => {
    try {
      adapter.parse(plain, '<answer>x</answer>');
      expect.unreachable();
    } catch (error) {
      expect((error as AdapterParseError).details).toMatchObject({ field: 'score', parsed: { answer: 'x' } });
    }
  });

  it('gives lists by items, by repetition, or as JSON', () => {
    const list = spec({ xs: { kind: 'list', item: STR } });
    for (const answer of ['<xs><item>a</item><item>b</item></xs>', '<xs>a</xs><xs>b</xs>', '<xs>["a", "b"]</xs>']) {
      expect(adapter.parse(list, answer)).toEqual({ xs: ['a', 'b'] });
    }
    expect(adapter.parse(list, '<xs />')).toEqual({ xs: [] });
  });

  it('may have a class in an optional field, with lists inside', () => {
    const answer = '<p><name>Ada</name><home><street>s</street><tags><item>t</item></tags></home></p>';
    expect(adapter.parse(spec({ p: PERSON }), answer)).toEqual({
      p: { name: 'Ada', home: { street: 's', tags: ['t'] } },
    });
  });

  it('cannot change a prototype', () => {
    const free = spec({ o: { kind: 'dict', key: STR, value: { kind: 'any' } } });
    const { o } = adapter.parse(free, '<o><__proto__><polluted>1</polluted></__proto__></o>') as { o: object };
    expect(Object.getPrototypeOf(o)).toBe(Object.prototype);
    expect(Object.keys(o)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });

  it('nested deeper than 200 levels is refused', () => {
    const deep = `<answer>${'<b>'.repeat(300)}${'</b>'.repeat(300)}</answer>`;
    expect(() => adapter.parse(plain, deep)).toThrow('nested deeper than 200 levels');
  });
});

it('asks once more as JSON, as the chat adapter does', () => {
  expect(new XMLAdapter().fallback?.name).toBe('JSONAdapter');
  expect(new XMLAdapter({ useJSONAdapterFallback: false }).fallback).toBeUndefined();
});

it('an answer of more elements than any answer has is refused', () => {
  expect(() => adapter.parse(plain, '<b/>'.repeat(60_000))).toThrow('more than 50000 elements');
});
