import { SignatureSyntaxError } from '../../errors/signature-errors';
import { type FieldSpec, fieldSpec } from '../field-spec';
import { STR } from '../type-spec';
import { TokenCursor } from './cursor';
import { parseType, type TypeNames } from './parse-type';

const MAX_CHARACTERS = 10_000;

/**
 * The fields of a string signature: `'question, context: list[str] -> answer: float'` (DSPy: `_parse_signature`).
 * Types are written in Python's notation; `string`, `number` and `boolean` are understood too, and
 * `names` of the signature's own. A name without a type is a
 * `str`. Linear in the length of the text. Throws `SignatureSyntaxError`, which points at the column.
 */
export function parseString(text: string, names?: TypeNames): readonly FieldSpec[] {
  if (text.length > MAX_CHARACTERS) {
    throw new SignatureSyntaxError(text, MAX_CHARACTERS, `it is longer than ${MAX_CHARACTERS} characters`);
  }
  const arrow = text.indexOf('->');
  if (arrow < 0) throw missingArrow(text);
  const second = text.indexOf('->', arrow + 2);
  if (second >= 0) throw new SignatureSyntaxError(text, second, "there is a second '->'; a signature has exactly one");
  const seen = new Map<string, string>();
  return [
    ...parseSide(new TokenCursor(text, 0, arrow), 'input', { seen, names }),
    ...parseSide(new TokenCursor(text, arrow + 2, text.length), 'output', { seen, names }),
  ];
}

function missingArrow(text: string): SignatureSyntaxError {
  const other = text.search(/=>|→|–>|—>/u);
  return other >= 0
    ? new SignatureSyntaxError(text, other, "the arrow between inputs and outputs is written '->'")
    : new SignatureSyntaxError(text, text.length, "it needs an arrow: 'inputs -> outputs', as in 'question -> answer'");
}

interface Known {
  /** The fields so far, with their roles. */
  readonly seen: Map<string, string>;
  readonly names: TypeNames | undefined;
}

function parseSide(cursor: TokenCursor, role: FieldSpec['role'], known: Known): FieldSpec[] {
  const fields: FieldSpec[] = [];
  while (!cursor.atEnd) {
    fields.push(parseField(cursor, role, known));
    if (cursor.atEnd) break;
    if (!cursor.take(',')) throw cursor.error(`expected ',' before the next field, found ${cursor.next()}`);
  }
  return fields;
}

function parseField(cursor: TokenCursor, role: FieldSpec['role'], { seen, names }: Known): FieldSpec {
  const place = cursor.place;
  const name = cursor.name();
  if (name === undefined) throw cursor.error(`expected the name of an ${role}, found ${cursor.next()}`);
  if (name.startsWith('_')) throw cursor.error(`the name '${name}' starts with an underscore`, place);
  const before = seen.get(name);
  if (before !== undefined) {
    throw cursor.error(
      before === role ? `the ${role} '${name}' is named twice` : `'${name}' is an input and an output`,
      place,
    );
  }
  seen.set(name, role);
  if (cursor.take(':')) return fieldSpec({ name, role, type: parseType(cursor, names) });
  return fieldSpec({ name, role, type: STR, untyped: role === 'input' });
}
