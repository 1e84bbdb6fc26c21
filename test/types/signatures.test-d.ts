/** What the types of a program's inputs and outputs are, for each way to write a signature. */

import { Input, Output, Signature } from 'dspex/decorators';
import { type InputsOf, type OutputsOf, type SignatureLike, SignatureSpec, signature, specOf } from 'dspex/program';
import { expectTypeOf } from 'vitest';
import type { CheckedSignature } from '../../src/core/signatures/infer';

class QA extends Signature {
  @Input() readonly question!: string;
  @Input({ items: String, optional: true }) readonly context?: string[];
  @Output() answer!: string;
  @Output({ optional: true }) confidence?: number;
  @Output({ oneOf: ['a', 'b'] }) choice!: 'a' | 'b';
}
class Reasoned extends QA {
  @Output() reasoning!: string;
}

// a class: its readonly properties are the inputs, the others the outputs
expectTypeOf<InputsOf<typeof QA>>().toEqualTypeOf<{ question: string; context?: string[] }>();
expectTypeOf<OutputsOf<typeof QA>>().toEqualTypeOf<{ answer: string; confidence?: number; choice: 'a' | 'b' }>();
expectTypeOf<InputsOf<QA>>().toEqualTypeOf<InputsOf<typeof QA>>();
expectTypeOf<OutputsOf<typeof Reasoned>['reasoning']>().toEqualTypeOf<string>();
expectTypeOf<OutputsOf<typeof Reasoned>['answer']>().toEqualTypeOf<string>();

// a string: what its words mean
expectTypeOf<InputsOf<'question, context: list[str] -> answer: float'>>().toEqualTypeOf<{
  question: string;
  context: string[];
}>();
expectTypeOf<OutputsOf<'question, context: list[str] -> answer: float'>>().toEqualTypeOf<{ answer: number }>();
expectTypeOf<
  InputsOf<'a: str, b: int, c: float, d: bool, e: Any, f: None, g: date, h: datetime -> z'>
>().toEqualTypeOf<{ a: string; b: number; c: number; d: boolean; e: unknown; f: null; g: string; h: Date }>();
expectTypeOf<InputsOf<'a: string, b: number, c: boolean -> z'>>().toEqualTypeOf<{ a: string; b: number; c: boolean }>();
expectTypeOf<InputsOf<'a: list, b: dict, c: tuple, d: set[int] -> z'>>().toEqualTypeOf<{
  a: unknown[];
  b: Record<string, unknown>;
  c: unknown[];
  d: number[];
}>();
expectTypeOf<OutputsOf<'q -> a: dict[str, list[dict[str, int]]], b: List[Optional[int]]'>>().toEqualTypeOf<{
  a: Record<string, Record<string, number>[]>;
  b: (number | null)[];
}>();
expectTypeOf<
  OutputsOf<'q -> a: tuple[int, str], b: tuple[int, ...], c: Union[int, str], d: int | None'>
>().toEqualTypeOf<{
  a: [number, string];
  b: number[];
  c: number | string;
  d: number | null;
}>();
expectTypeOf<
  OutputsOf<`q -> a: Literal['one, two', "x", 1, -2, True, False, None], b: list[Literal['p']]`>
>().toEqualTypeOf<{
  a: 'one, two' | 'x' | 1 | -2 | boolean | null;
  b: 'p'[];
}>();
expectTypeOf<InputsOf<'a,\n  b\n->\n c,'>>().toEqualTypeOf<{ a: string; b: string }>();
expectTypeOf<OutputsOf<'\ta\t->\tb : int ,c:str'>>().toEqualTypeOf<{ b: number; c: string }>();
expectTypeOf<keyof InputsOf<' -> answer'>>().toEqualTypeOf<never>();
expectTypeOf<keyof OutputsOf<'question -> '>>().toEqualTypeOf<never>();

// what is too clever for a type, or not a literal, is loose
expectTypeOf<OutputsOf<`q -> a: Literal["it's"]`>>().toEqualTypeOf<Record<string, unknown>>();
expectTypeOf<OutputsOf<'q # comment\n -> a'>>().toEqualTypeOf<Record<string, unknown>>();
expectTypeOf<InputsOf<string>>().toEqualTypeOf<Record<string, unknown>>();
expectTypeOf<InputsOf<SignatureLike>>().toEqualTypeOf<Record<string, unknown>>();
expectTypeOf<InputsOf<SignatureSpec>>().toExtend<Readonly<Record<string, unknown>>>();

// a spec keeps the types it was made with
const spec = signature('question -> answer: float', { instructions: 'Compute.' });
expectTypeOf(spec).toEqualTypeOf<SignatureSpec<{ question: string }, { answer: number }>>();
expectTypeOf<OutputsOf<typeof spec>>().toEqualTypeOf<{ answer: number }>();
expectTypeOf(specOf(QA).$types.inputs).toEqualTypeOf<{ question: string; context?: string[] }>();
expectTypeOf(specOf('q -> a').$types.outputs).toEqualTypeOf<{ a: string }>();
expectTypeOf(specOf(spec)).toEqualTypeOf(spec);
const untyped: SignatureSpec = spec;
void untyped;

// one class takes every form and infers each
declare class Step<const S extends SignatureLike> {
  constructor(signature: CheckedSignature<S>);
  call(inputs: InputsOf<S>): OutputsOf<S>;
}
declare const text: string;
expectTypeOf(new Step('q -> a, b: int').call({ q: 'x' })).toEqualTypeOf<{ a: string; b: number }>();
expectTypeOf(new Step(QA).call({ question: 'x' }).choice).toEqualTypeOf<'a' | 'b'>();
expectTypeOf(new Step(spec).call({ question: 'x' })).toEqualTypeOf<{ answer: number }>();
expectTypeOf(new Step(text).call({ anything: 1 })).toEqualTypeOf<Record<string, unknown>>();

// @ts-expect-error a wrong input
new Step(QA).call({ question: 1 });
// @ts-expect-error a missing input
new Step(QA).call({});
// @ts-expect-error a misspelt input
new Step(QA).call({ questoin: 'x' });
// @ts-expect-error an output that is not there
new Step(QA).call({ question: 'x' }).anwser;
// @ts-expect-error an output used as something else
new Step('q -> a: int').call({ q: 'x' }).a.toUpperCase();
// @ts-expect-error an input of a string signature that is missing
new Step('q, context -> a').call({ q: 'x' });

// strings that cannot be right do not compile
// @ts-expect-error unknown type 'strng'
signature('question -> answer: strng');
// @ts-expect-error an unknown type inside another
signature('question -> answer: list[dict[str, strng]]');
// @ts-expect-error no arrow
signature('question, answer');
// @ts-expect-error two arrows
signature('a -> b -> c');
// @ts-expect-error a name on both sides
signature('a, b -> b');
// @ts-expect-error a name with a space
signature('a b -> c');
// @ts-expect-error no name
signature('a,, b -> c');
// @ts-expect-error no type after the colon
signature('a: -> b');
// @ts-expect-error an open bracket
signature('a -> b: list[int');
// @ts-expect-error too many types
signature('a -> b: Optional[int, str]');
// @ts-expect-error a class that is no signature
specOf(Date);
// @ts-expect-error an option that nothing reads
signature('a -> b', { instruction: 'x' });

// and they say why
expectTypeOf<CheckedSignature<'q -> a: strng'>>().toEqualTypeOf<"unknown type 'strng'">();
expectTypeOf<CheckedSignature<'q'>>().toEqualTypeOf<'a signature string needs an arrow: "inputs -> outputs"'>();
expectTypeOf<CheckedSignature<'a, b -> b'>>().toEqualTypeOf<"'b' is an input and an output">();
expectTypeOf<CheckedSignature<'a: -> b'>>().toEqualTypeOf<"'a:' has no type">();
expectTypeOf<CheckedSignature<'q -> a: list[int, str]'>>().toEqualTypeOf<'list[...] takes one type'>();

// a long one stays below the compiler's recursion limits
type Long = InputsOf<`
  alpha_number_one: list[str], alpha_number_two: dict[str, list[int]], alpha_number_three, alpha_number_four,
  beta_number_one: list[str], beta_number_two: dict[str, list[int]], beta_number_three, beta_number_four,
  gamma_number_one: list[str], gamma_number_two: dict[str, list[int]], gamma_number_three, gamma_number_four,
  delta_number_one: list[str], delta_number_two: dict[str, list[int]], delta_number_three, delta_number_four,
  epsilon_number_one: list[str], epsilon_number_two: dict[str, list[int]], epsilon_number_three, epsilon_number_four,
  zeta_number_one: list[str], zeta_number_two: dict[str, list[int]], zeta_number_three, zeta_number_four,
  eta_number_one: list[str], eta_number_two: dict[str, list[int]], eta_number_three, eta_number_four,
  theta_number_one: list[str], theta_number_two: dict[str, list[int]], theta_number_three, theta_number_four,
  iota_number_one: list[str], iota_number_two: dict[str, list[int]], iota_number_three, iota_number_four,
  kappa_number_one: list[str], kappa_number_two: dict[str, list[int]], kappa_number_three, kappa_number_four
  -> answer
`>;
expectTypeOf<Long['kappa_number_two']>().toEqualTypeOf<Record<string, number[]>>();
