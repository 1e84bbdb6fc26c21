import { type LiteralValue, NONE, type TypeSpec, unionType } from '../type-spec';
import { codeType } from '../values/code';
import type { TokenCursor } from './cursor';
import { suggestWord, WORDS } from './type-words';

const MAX_DEPTH = 32;

/** Types that a signature calls by names of its own. */
export type TypeNames = ReadonlyMap<string, TypeSpec>;

const NO_NAMES: TypeNames = new Map();

/** Reads a type in Python's notation, for example `dict[str, list[int]] | None`, where the cursor stands. */
export function parseType(cursor: TokenCursor, names: TypeNames = NO_NAMES, depth = 0): TypeSpec {
  if (depth > MAX_DEPTH) throw cursor.error(`types may be nested ${MAX_DEPTH} deep`);
  const options = [parsePrimary(cursor, names, depth)];
  while (cursor.take('|')) options.push(parsePrimary(cursor, names, depth));
  return unionType(options);
}

function parsePrimary(cursor: TokenCursor, names: TypeNames, depth: number): TypeSpec {
  const place = cursor.place;
  const word = parseDottedName(cursor);
  if (word === undefined) throw cursor.error(`expected a type, found ${cursor.next()}`);
  if (cursor.take('[')) return parseGeneric(cursor, word, place, names, depth + 1);
  const type = names.get(word) ?? WORDS.get(word);
  if (type !== undefined) return type;
  if (word === 'Literal' || word === 'Optional' || word === 'Union') {
    throw cursor.error(`'${word}' needs its parts in brackets, for example ${EXAMPLES[word]}`, place);
  }
  throw cursor.error(`unknown type '${word}': ${suggestWord(word, names)}`, place);
}

const EXAMPLES = { Literal: "Literal['yes', 'no']", Optional: 'Optional[str]', Union: 'Union[int, str]' } as const;

function parseDottedName(cursor: TokenCursor): string | undefined {
  let word = cursor.name();
  while (word !== undefined && cursor.take('.')) {
    const part = cursor.name();
    if (part === undefined) throw cursor.error(`expected a name after '${word}.', found ${cursor.next()}`);
    word = `${word}.${part}`;
  }
  return word?.replace(/^typing\./, '');
}

function parseGeneric(cursor: TokenCursor, word: string, place: number, names: TypeNames, depth: number): TypeSpec {
  if (word === 'dspy.Code') return parseCode(cursor);
  if (word === 'Literal') return { kind: 'literal', values: parseLiteralValues(cursor) };
  if (cursor.take(']')) {
    const remedy = WORDS.has(word) ? `a list of '${word}' is written 'list[${word}]'` : 'the brackets are empty';
    throw cursor.error(`'${word}[]': ${remedy}`, place);
  }
  const { types, variadic } = parseArguments(cursor, names, depth);
  const [first, second] = types;
  const takes = (count: number, what: string) => {
    if (types.length !== count || variadic) throw cursor.error(`'${word}[...]' takes ${what}`, place);
  };
  switch (word) {
    case 'list':
    case 'List':
      takes(1, 'one type');
      return { kind: 'list', item: first as TypeSpec };
    case 'Sequence':
    case 'Iterable':
      takes(1, 'one type');
      return { kind: 'list', item: first as TypeSpec, shownAs: word };
    case 'set':
    case 'Set':
      takes(1, 'one type');
      return { kind: 'set', item: first as TypeSpec };
    case 'frozenset':
    case 'FrozenSet':
      takes(1, 'one type');
      return { kind: 'frozenset', item: first as TypeSpec };
    case 'dict':
    case 'Dict':
      takes(2, 'two types: keys and values');
      return { kind: 'dict', key: first as TypeSpec, value: second as TypeSpec };
    case 'Mapping':
    case 'MutableMapping':
      takes(2, 'two types: keys and values');
      return { kind: 'dict', key: first as TypeSpec, value: second as TypeSpec, shownAs: word };
    case 'Optional':
      takes(1, 'one type');
      return unionType([first as TypeSpec, NONE]);
    case 'Union':
      if (variadic) throw cursor.error("'...' belongs to tuple[...] only", place);
      return unionType(types);
    case 'tuple':
    case 'Tuple':
      if (variadic && types.length !== 1)
        throw cursor.error("'tuple[..., ...]' takes one type before the '...'", place);
      return variadic ? { kind: 'tuple', items: types, variadic } : { kind: 'tuple', items: types };
    default:
      throw cursor.error(
        names.has(word) || WORDS.has(word)
          ? `'${word}' takes no brackets`
          : `unknown type '${word}[...]': ${suggestWord(word)}`,
        place,
      );
  }
}

/** `dspy.Code['java']` names a language. */
function parseCode(cursor: TokenCursor): TypeSpec {
  const language = cursor.quoted();
  if (language === undefined) throw cursor.error(`expected a language in quotes, found ${cursor.next()}`);
  if (!cursor.take(']')) throw cursor.error(`expected ']', found ${cursor.next()}`);
  return codeType(language);
}

function parseArguments(
  cursor: TokenCursor,
  names: TypeNames,
  depth: number,
): { types: TypeSpec[]; variadic: boolean } {
  const types: TypeSpec[] = [];
  do {
    if (cursor.take('...')) {
      if (!cursor.take(']')) throw cursor.error(`expected ']' after '...', found ${cursor.next()}`);
      return { types, variadic: true };
    }
    types.push(parseType(cursor, names, depth));
  } while (cursor.take(','));
  if (!cursor.take(']')) throw cursor.error(`expected ',' or ']', found ${cursor.next()}`);
  return { types, variadic: false };
}

function parseLiteralValues(cursor: TokenCursor): LiteralValue[] {
  const values = new Set<LiteralValue>();
  do values.add(parseLiteralValue(cursor));
  while (cursor.take(','));
  if (!cursor.take(']')) throw cursor.error(`expected ',' or ']', found ${cursor.next()}`);
  return [...values];
}

const CONSTANTS: ReadonlyMap<string, LiteralValue> = new Map<string, LiteralValue>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

function parseLiteralValue(cursor: TokenCursor): LiteralValue {
  const place = cursor.place;
  const value = cursor.quoted() ?? cursor.integer();
  if (value !== undefined) return value;
  const next = cursor.next();
  const constant = CONSTANTS.get(cursor.name() ?? '');
  if (constant !== undefined) return constant;
  throw cursor.error(`a Literal holds quoted texts, integers, True, False and None; found ${next}`, place);
}
