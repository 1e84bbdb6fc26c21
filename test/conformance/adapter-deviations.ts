import type { TypeSpec } from '../../src/core/signatures/type-spec';
import { NamedTypes } from './decode-type';
import type { Deviation } from './deviations';
import type { Vector } from './suite';

/** Deviations of what adapters write and read. */
export const ADAPTER_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'D7',
    title: 'an indented header opens its field like any other',
    applies: ({ group, input }) => group === 'chat/completion' && /^\s+\[\[ ## \w+ ## \]\]/m.test(input.completion),
  },
  {
    id: 'D93',
    title: 'markers of the layout in a value are masked',
    applies: ({ group, input }) =>
      isFormat(input)
        ? hasMarkers(group, input)
        : group === 'twostep/completion' && /^\s*\[\[ ## \w+ ## \]\]/m.test(String(input.completion)),
  },
  {
    id: 'D94',
    title: 'a field that comes twice with different texts is refused',
    applies: ({ group, input }) => group === 'chat/completion' && comesTwice(input.completion),
  },
  {
    id: 'D14',
    title: 'a class that is used in two places is told in both',
    applies: ({ group, input }) =>
      group.startsWith('baml/') && outputs(input).some(({ type }) => JSON.stringify(type).includes('"kind":"ref"')),
  },
  {
    id: 'D21',
    title: 'the declared type, not the value, says whether a number is whole',
    applies: ({ group, input }) =>
      isFormat(input)
        ? fieldValues(input).some(losesFraction) || bounds(input).some(isWholeFloat)
        : group.startsWith('value/') && (isWholeFloat(input.value) || /^\s*\d+(?:\.0*|e\+?\d+)\s*$/i.test(input.value)),
  },
  {
    id: 'D26',
    title: 'a list or an object answered for a text stays JSON text',
    applies: ({ group, input }) =>
      (group === 'value/str' && input.value !== null && typeof input.value === 'object') ||
      (group === 'json/completion' && textFields(input).some((name) => answersContainer(input.completion, name))) ||
      (group === 'xml/completion' && textFields(input).some((name) => isRepeated(input.completion, name))),
  },
  {
    id: 'D27',
    title: 'marker text in a value is text',
    applies: ({ input }) =>
      isFormat(input) && JSON.stringify([input.inputs, input.demos]).includes('<<CUSTOM-TYPE-START-IDENTIFIER>>'),
  },
  {
    id: 'D28',
    title: 'outputs with free keys ask for any JSON object',
    applies: ({ group, input }) =>
      group === 'json/response-format' && outputs(input).some(({ type }) => holdsFreeKeys(type)),
  },
  {
    id: 'D30',
    title: 'JSON so sloppy that its meaning must be guessed is guessed as a reader would',
    applies: ({ input }) =>
      GUESSES.some((guess) => guess.test(String(input.text ?? input.completion ?? input.value ?? ''))),
  },
  {
    id: 'D70',
    title: 'a class in an optional field of another is read from its elements',
    applies: ({ group, input, expect }) =>
      group === 'xml/completion' &&
      expect.error !== undefined &&
      outputs(input).some(({ type }) => hasOptionalClass(type)),
  },
  {
    id: 'D71',
    title: "the documentation of DSPy's own classes is not told",
    applies: ({ input }) =>
      'signature' in input && Array.isArray(input.signature.fields)
        ? outputs(input).some(({ type }) => DOCUMENTED.test(JSON.stringify(type)))
        : /\bdspy\.(?:Audio|Code\b(?!\[)|File|History|Reasoning)\b/.test(String(input.string)),
  },
  {
    id: 'D91',
    title: 'a decimal keeps all its digits',
    applies: ({ group, input }) =>
      group.startsWith('value/') && input.type.kind === 'decimal' && /^\s*-?(?=.*[.e])[\d.]{17,}/i.test(input.value),
  },
  {
    id: 'D72',
    title: 'the two-step layout shows values as what they are in JavaScript where no type says more',
    applies: ({ group, input }) =>
      group.startsWith('twostep/') &&
      isFormat(input) &&
      /"\$(?:tuple|set|frozenset|date|time|timedelta|decimal|uuid|enum)"/.test(
        JSON.stringify([input.inputs, input.demos]),
      ),
  },
  {
    id: 'D63',
    title: 'a number or boolean that equals a member of a literal becomes the member',
    applies: ({ group, input }) =>
      group.startsWith('value/') && /^(?:number|boolean)$/.test(typeof input.value) && input.type.kind === 'literal',
  },
];

/** Types of DSPy whose Python classes have a docstring. */
const DOCUMENTED = /"kind":"(?:audio|citations|code|document|file|history|reasoning)"/;

/** What the reference and dspex guess differently. */
const GUESSES = [
  // the {name} of prose
  /\S\s*\{\s*[\p{L}_][\p{L}\p{N} _-]*\}/u,
  // an apostrophe inside single quotes: 'it's'
  /\p{L}'\p{L}/u,
  // ‘typographic’ single quotes
  /[‘’]/,
  // {"url": "a\/b",}: JSON's own escape in a text that is not quite JSON
  /\\\//,
  // {'a': NaN}
  /'\s*:\s*-?(?:NaN|Infinity)\b/,
  // {a:1,b:2}
  /:\s*\d+,\p{L}/u,
  // {"a" 1}
  /"\s+-?\d/,
  // {"a": one, two, "b": 1}
  /:\s*\p{L}[^"'{}[\]]*,/u,
];

interface Positioned {
  readonly value: unknown;
  readonly type: TypeSpec | undefined;
}

function isFormat(input: Vector['input']): boolean {
  return 'signature' in input && 'inputs' in input && 'demos' in input;
}

function outputs(input: Vector['input']): readonly { name: string; type: { kind: string } }[] {
  return input.signature.fields.filter((field: { kind: string }) => field.kind === 'output');
}

/** A bare dictionary, or one inside another type; a `dict[K, V]` itself is asked for alike by both. */
function holdsFreeKeys(type: { readonly kind: string; readonly key?: unknown }): boolean {
  return type.kind === 'dict' ? type.key === undefined : JSON.stringify(type).includes('"kind":"dict"');
}

function textFields(input: Vector['input']): readonly string[] {
  return outputs(input)
    .filter((field) => field.type.kind === 'str')
    .map((field) => field.name);
}

/** True when a value holds what opens a field: a header on a line of its own, or in XML a tag named like a field. */
function hasMarkers(group: string, input: Vector['input']): boolean {
  const texts = JSON.stringify([input.inputs, input.demos]);
  const names = input.signature.fields.map(({ name }: { name: string }) => name).join('|');
  return group.startsWith('xml/')
    ? new RegExp(`<\\/?(?:${names})\\b|\\]\\]>`).test(texts)
    : /(?:"|\\n)\s*\[\[ \\*## \w+ ## \]\]/.test(texts);
}

/** True when a header opens two sections. */
function comesTwice(completion: string): boolean {
  const names = [...completion.matchAll(/^\s*\[\[ ## (\w+) ## \]\]/gm)].map(([, name]) => name);
  return new Set(names).size < names.length;
}

function answersContainer(completion: string, field: string): boolean {
  return new RegExp(`["']?${field}["']?\\s*:\\s*[[{(]`, 'u').test(completion);
}

function isRepeated(completion: string, element: string): boolean {
  return completion.split(new RegExp(`<${element}[\\s/>]`, 'u')).length > 2;
}

/** True for a class that has, at any depth, a field that may be another class or something else. */
function hasOptionalClass(type: unknown, inClass = false): boolean {
  if (typeof type !== 'object' || type === null) return false;
  const { kind } = type as { kind?: unknown };
  const isChoice = kind === 'optional' || kind === 'union';
  if (inClass && isChoice && /"kind":"(?:model|ref)"/.test(JSON.stringify(type))) return true;
  return Object.values(type).some((member) => hasOptionalClass(member, inClass || kind === 'model'));
}

function bounds(input: Vector['input']): readonly unknown[] {
  return input.signature.fields.flatMap((field: { constraints?: object }) => Object.values(field.constraints ?? {}));
}

function fieldValues(input: Vector['input']): readonly Positioned[] {
  const types = new NamedTypes();
  const rows: Record<string, unknown>[] = [input.inputs, ...input.demos.map((demo: Row) => demo['$example'] ?? demo)];
  return input.signature.fields.flatMap((field: { name: string; type: { kind: string } }) => {
    const type = types.decode(field.type);
    return rows.map((row) => ({ value: row[field.name], type }));
  });
}

type Row = Record<string, unknown>;

function isWholeFloat(value: unknown): boolean {
  const text = value !== null && typeof value === 'object' ? (value as Row)['$float'] : undefined;
  return typeof text === 'string' && Number.isInteger(Number(text));
}

/** True when a whole `float` stands where the declared type does not say that it is one. */
function losesFraction({ value, type }: Positioned): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (isWholeFloat(value)) return !isFloat(type);
  const inner = Array.isArray(value) ? itemType(type) : memberType(type);
  return Object.entries(value).some(([key, member]) => losesFraction({ value: member, type: inner(key) }));
}

function isFloat(type: TypeSpec | undefined): boolean {
  return (
    type?.kind === 'float' ||
    (type?.kind === 'union' && type.options.every((each) => each.kind === 'float' || each.kind === 'none'))
  );
}

function itemType(type: TypeSpec | undefined): (key: string) => TypeSpec | undefined {
  return () => (type?.kind === 'list' || type?.kind === 'set' ? type.item : undefined);
}

function memberType(type: TypeSpec | undefined): (key: string) => TypeSpec | undefined {
  if (type?.kind === 'dict') return () => type.value;
  return (key) => (type?.kind === 'model' ? type.fields.find((field) => field.name === key)?.type : undefined);
}
