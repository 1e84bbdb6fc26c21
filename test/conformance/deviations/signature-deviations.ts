import type { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import { parseString } from '../../../src/core/signatures/strings/parse-string';
import { describedSpec } from '../decode-signature';
import type { Deviation } from '../deviations';
import type { Vector } from '../suite';

const PYTHON_KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

/** Deviations of signature strings, classes and derivations. */
export const SIGNATURE_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'D31',
    title: 'field names may be keywords of Python and members of pydantic models',
    applies: ({ input }) =>
      namesOf(input.string).some((name) => PYTHON_KEYWORDS.has(name) || name.startsWith('model_')),
  },
  {
    id: 'D32',
    title: "marks, defaults and repeated names of Python's parameter lists are refused, not dropped silently",
    applies: ({ input }) => /[*/=]/.test(unquoted(input.string)) || repeatsName(unquoted(input.string)),
  },
  {
    id: 'D80',
    title: 'the language of code in a string signature is that language',
    applies: ({ input }) => /\bdspy\.Code\[/.test(String(input.string)),
  },
  {
    id: 'D33',
    title: 'the type None is the null type, not str',
    applies: ({ input }) => /:\s*None\s*(?:,|->|$)/.test(unquoted(input.string)),
  },
  {
    id: 'D34',
    title: 'equality of signatures sees types and the order of fields',
    applies: ({ group, input }) => group === 'equals' && 'right' in input && differsInTypesOrOrder(input),
  },
  {
    id: 'D35',
    title: 'inserting a field whose name is there replaces the field',
    applies: ({ group, input }) =>
      group === 'derive' && input.steps.some((step: Step) => insertsKnownName(input, step)),
  },
  {
    id: 'D36',
    title: 'a decorated property whose type is not known at run time is refused, not a str',
    applies: ({ group, input }) => group === 'class' && input.class.fields.some((field: Field) => field.type === null),
  },
  {
    id: 'D37',
    title: 'a class without instructions in its whole line of descent gets the sentence over its own fields',
    applies: ({ group, input }) => group === 'class' && !input.class.docstring && input.class.base?.docstring === null,
  },
  {
    id: 'D38',
    title: "TypeScript's words for types are understood",
    applies: ({ input }) => /[:[,|]\s*(?:string|number|boolean|null|date|datetime)\b/.test(unquoted(input.string)),
  },
  {
    id: 'D90',
    title: 'NoneType has a name beside named types too',
    applies: ({ group, input }) => group === 'custom-types' && /\bNoneType\b/.test(unquoted(input.string)),
  },
  {
    id: 'D39',
    title: 'a Literal may hold negative integers',
    applies: ({ input }) => /Literal\[[^\]]*-\d/.test(unquoted(input.string)),
  },
];

/** Signatures that say the same of each field but its type, in whatever order. */
function differsInTypesOrOrder({ left, right }: Vector['input']): boolean {
  const [one, other] = [describedSpec(left), describedSpec(right)];
  const facts = ({ fields, instructions }: SignatureSpec) =>
    JSON.stringify([
      instructions,
      fields.map(({ type: _type, ...rest }) => JSON.stringify(Object.entries(rest).sort())).sort(),
    ]);
  return !one.equals(other) && facts(one) === facts(other);
}

interface Field {
  readonly name: string;
  readonly type: unknown;
}

interface Step {
  readonly op: string;
  readonly field?: Field;
}

function unquoted(text: unknown): string {
  return typeof text === 'string' ? text.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''").replace(/#.*/g, '') : '';
}

function namesOf(text: unknown): readonly string[] {
  try {
    return parseString(String(text)).map((field) => field.name);
  } catch {
    return [];
  }
}

/** The same name twice on one side, types left out. */
function repeatsName(text: string): boolean {
  let bare = text;
  for (let before = ''; before !== bare; ) {
    before = bare;
    bare = bare.replace(/\[[^[\]]*\]/g, '');
  }
  return bare.split('->').some((side) => {
    const names = side.split(',').map((part) => part.replace(/:.*/s, '').trim());
    return new Set(names).size < names.length;
  });
}

function insertsKnownName(input: Vector['input'], step: Step): boolean {
  const fields: readonly Field[] = input.signature.fields ?? [];
  return step.field !== undefined && fields.some((field) => field.name === step.field?.name);
}
