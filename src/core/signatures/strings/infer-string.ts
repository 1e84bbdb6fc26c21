import type { Code } from '../values/code';
import type { History } from '../values/history';
import type { Audio } from '../values/media/audio';
import type { File } from '../values/media/file';
import type { Image } from '../values/media/image';
import type { Reasoning } from '../values/reasoning';
import type { Tool } from '../values/tools/tool';
import type { ToolCalls } from '../values/tools/tool-calls';

/**
 * Reads a string signature in the type system: `'question, hints: list[str] -> answer: float'` has the inputs
 * `{ question: string; hints: string[] }` and the output `{ answer: number }`. A string that cannot be right gives a
 * `Problem` with a sentence. What is too clever for a type (escapes, comments) is left to `parse-string.ts` and typed
 * loosely. It walks separators, not characters, so that long signatures stay below the compiler's recursion limit.
 */

declare const problem: unique symbol;

/** Stands in place of a type that could not be made; `M` says why. */
export interface Problem<M extends string> {
  readonly [problem]: M;
}

/** What a string that is not a literal declares: anything. */
export type Loose = Record<string, unknown>;

type Blank = ' ' | '\n' | '\t' | '\r';
type Trim<S extends string> = S extends `${Blank}${infer R}` ? Trim<R> : S extends `${infer R}${Blank}` ? Trim<R> : S;

type Count<S extends string, C extends string, N extends 0[] = []> = S extends `${infer _}${C}${infer R}`
  ? Count<R, C, [...N, 0]>
  : N['length'];
type IsEven<N extends number> = `${N}` extends `${string}${0 | 2 | 4 | 6 | 8}` ? true : false;

/** True when every bracket and quote that `S` opens is closed. */
type Closed<S extends string> = [Count<S, '['>, IsEven<Count<S, "'">>, IsEven<Count<S, '"'>>] extends [
  Count<S, ']'>,
  true,
  true,
]
  ? true
  : false;

/** Splits at the separators that are outside brackets and quotes. */
type Split<
  S extends string,
  Sep extends string,
  Part extends string = '',
  Out extends string[] = [],
> = S extends `${infer Head}${Sep}${infer Rest}`
  ? Closed<`${Part}${Head}`> extends true
    ? Split<Rest, Sep, '', [...Out, `${Part}${Head}`]>
    : Split<Rest, Sep, `${Part}${Head}${Sep}`, Out>
  : [...Out, `${Part}${S}`];

/** `R`, unless something in `T` is a problem: then that problem. */
type Unless<T, R> = [Extract<T, Problem<string>>] extends [never] ? R : Extract<T, Problem<string>>;

/** The types that a bare word may name; the run-time table is `WORDS` in `type-words.ts`. */
interface Words {
  str: string;
  string: string;
  int: number;
  float: number;
  number: number;
  bool: boolean;
  boolean: boolean;
  None: null;
  NoneType: null;
  null: null;
  Any: unknown;
  list: unknown[];
  set: unknown[];
  frozenset: unknown[];
  tuple: unknown[];
  dict: Record<string, unknown>;
  bytes: Uint8Array;
  complex: string;
  Text: string;
  date: string;
  datetime: Date;
  'datetime.date': string;
  'datetime.datetime': Date;
  'datetime.time': string;
  'datetime.timedelta': string;
  'decimal.Decimal': string;
  'uuid.UUID': string;
  'dspy.Image': Image;
  'dspy.Audio': Audio;
  'dspy.File': File;
  'dspy.History': History;
  'dspy.Code': Code;
  'dspy.Reasoning': Reasoning;
  'dspy.Tool': Tool;
  'dspy.ToolCalls': ToolCalls;
}

type TypeOf<T extends string, C> = Trim<T> extends infer W extends string ? TypeOfWord<W, C> : never;
type TypeOfWord<W extends string, C> = W extends keyof C
  ? C[W]
  : W extends keyof Words
    ? Words[W]
    : W extends ''
      ? Problem<'a type is missing'>
      : W extends `typing.${infer R}`
        ? TypeOfWord<R, C>
        : Split<W, '|'> extends [infer A extends string, infer B extends string, ...infer R extends string[]]
          ? UnionOf<[A, B, ...R], C>
          : W extends `${infer Head}[${infer Args}]`
            ? GenericOf<Trim<Head>, Split<Args, ','>, C>
            : Problem<`unknown type '${W}'`>;

type ListWord = 'list' | 'List' | 'set' | 'Set' | 'frozenset' | 'FrozenSet' | 'Sequence' | 'Iterable';
type DictWord = 'dict' | 'Dict' | 'Mapping' | 'MutableMapping';

type AllOf<P extends string[], C> = { [I in keyof P]: TypeOf<P[I], C> };
type UnionOf<P extends string[], C> = Unless<AllOf<P, C>[number], AllOf<P, C>[number]>;

type GenericOf<Head extends string, P extends string[], C> = Head extends 'dspy.Code'
  ? Code
  : Head extends ListWord
    ? P extends [infer A extends string]
      ? Unless<TypeOf<A, C>, TypeOf<A, C>[]>
      : Problem<`${Head}[...] takes one type`>
    : Head extends DictWord
      ? P extends [infer K extends string, infer V extends string]
        ? Unless<TypeOf<K, C> | TypeOf<V, C>, Record<string, TypeOf<V, C>>>
        : Problem<`${Head}[...] takes two types: keys and values`>
      : Head extends 'tuple' | 'Tuple'
        ? P extends [infer A extends string, infer Dots extends string]
          ? Trim<Dots> extends '...'
            ? Unless<TypeOf<A, C>, TypeOf<A, C>[]>
            : Unless<AllOf<P, C>[number], AllOf<P, C>>
          : Unless<AllOf<P, C>[number], AllOf<P, C>>
        : Head extends 'Optional'
          ? P extends [infer A extends string]
            ? Unless<TypeOf<A, C>, TypeOf<A, C> | null>
            : Problem<'Optional[...] takes one type'>
          : Head extends 'Union'
            ? UnionOf<P, C>
            : Head extends 'Literal'
              ? LiteralOf<P>
              : Problem<`unknown type '${Head}[...]'`>;

type LiteralOf<P extends string[]> = { [I in keyof P]: ValueOf<Trim<P[I]>> }[number] extends infer V
  ? Unless<V, V>
  : never;
type ValueOf<W extends string> = W extends `'${infer L}'` | `"${infer L}"`
  ? L
  : W extends 'True'
    ? true
    : W extends 'False'
      ? false
      : W extends 'None'
        ? null
        : W extends `${infer N extends number}`
          ? N
          : Problem<`Literal[...] cannot hold ${W}`>;

type FieldOf<P extends string, C> = P extends `${infer N}:${infer T}`
  ? Named<Trim<N>, Trim<T> extends '' ? Problem<`'${Trim<N>}:' has no type`> : TypeOf<T, C>>
  : Named<Trim<P>, string>;
type Named<N extends string, T> = N extends ''
  ? Problem<'a field has no name'>
  : N extends `${string}${Blank}${string}`
    ? Problem<`'${N}' is not a field name`>
    : Unless<T, { [K in N]: T }>;

type Side<S extends string, C> = Trim<S> extends '' ? unknown : Fields<Split<S, ','>, C, unknown>;
type Fields<P extends string[], C, Out> = P extends [infer Head extends string, ...infer Rest extends string[]]
  ? [Trim<Head>, Rest] extends ['', []]
    ? Out // a comma may end a side
    : FieldOf<Head, C> extends infer F
      ? Unless<F, unknown> extends Problem<string>
        ? F
        : Fields<Rest, C, Out & F>
      : never
  : Out;
type Simplify<T> = unknown extends T ? Record<never, never> : { [K in keyof T]: T[K] };

/** Escapes and comments are read at run time only, and so are quotes that close in a way `Closed` cannot follow. */
type TooClever<S extends string> = S extends `${string}${'\\' | '#'}${string}`
  ? true
  : [IsEven<Count<S, "'">>, IsEven<Count<S, '"'>>] extends [true, true]
    ? false
    : true;

/** What a string signature declares: `{ inputs, outputs }`, or a problem. `C` has the types of names of its own. */
export type ReadString<S extends string, C = object> = string extends S
  ? { inputs: Loose; outputs: Loose }
  : S extends `${infer I}->${infer O}`
    ? O extends `${string}->${string}`
      ? Problem<'a signature string has one arrow only: "inputs -> outputs"'>
      : TooClever<S> extends true
        ? { inputs: Loose; outputs: Loose }
        : Joined<Side<I, C>, Side<O, C>>
    : Problem<'a signature string needs an arrow: "inputs -> outputs"'>;

type Joined<I, O> = [I] extends [Problem<string>]
  ? I
  : [O] extends [Problem<string>]
    ? O
    : [keyof I & keyof O] extends [never]
      ? { inputs: Simplify<I>; outputs: Simplify<O> }
      : Problem<`'${keyof I & keyof O & string}' is an input and an output`>;

/** The inputs of a string signature; loose when it has a problem (the problem is reported where the string is given). */
export type StringInputs<S extends string, C = object> = ReadString<S, C> extends { inputs: infer I } ? I : Loose;

/** The outputs of a string signature; loose when it has a problem. */
export type StringOutputs<S extends string, C = object> = ReadString<S, C> extends { outputs: infer O } ? O : Loose;

/** The string itself when it can be right, else a sentence that says what is wrong: for the type of a parameter. */
export type CheckedString<S extends string, C = object> = ReadString<S, C> extends Problem<infer M> ? M : S;
