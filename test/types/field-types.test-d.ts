/** What `call` takes and gives for each way to say a type. */

import { Input, Output, Signature } from 'dspex/decorators';
import { type InputsOf, type OutputsOf, Predict, signature } from 'dspex/program';
import { expectTypeOf } from 'vitest';
import { z } from 'zod';

// biome-ignore lint/style/noEnum: users have them
enum Colour {
  Red = 'r',
  Green = 'g',
}
class Dog {
  @Output({ oneOf: ['dog'] }) kind!: 'dog';
}
class Cat {
  @Output({ oneOf: ['cat'] }) kind!: 'cat';
}
class Tree {
  @Output() value!: number;
  @Output({ items: () => Tree }) children!: Tree[];
}
const Person = z.object({ name: z.string(), nick: z.string().nullable() });

class Everything extends Signature {
  @Input({ type: 'uuid' }) readonly id!: string;
  @Input() readonly when!: Date;
  @Output({ type: 'decimal' }) price!: string;
  @Output({ type: 'time' }) opens!: string;
  @Output() big!: bigint;
  @Output({ type: 'bytes' }) raw!: Uint8Array;
  @Output({ oneOf: { Colour } }) colour!: Colour;
  @Output({ anyOf: [Dog, Cat], discriminator: 'kind' }) pet!: Dog | Cat;
  @Output({ anyOf: ['int', { items: String }], nullable: true }) mixed!: number | string[] | null;
  @Output({ tuple: [String, 'int'] }) pair!: [string, number];
  @Output({ set: 'int' }) numbers!: number[];
  @Output({ schema: Person }) person!: { name: string; nick: string | null };
  @Output({ items: { schema: Person } }) people!: z.infer<typeof Person>[];
  @Output({ schema: z.string().nullable() }) perhaps!: string | null;
  @Output({ schema: z.number(), optional: true }) maybe?: number;
  @Output() tree!: Tree;
  @Output({ type: 'any' }) anything!: unknown;
}

const everything = new Predict(Everything);
expectTypeOf(everything.call).parameter(0).toEqualTypeOf<{ id: string; when: Date }>();
type Answer = OutputsOf<typeof Everything>;
expectTypeOf<Answer['pet']>().toEqualTypeOf<Dog | Cat>();
expectTypeOf<Answer['colour']>().toEqualTypeOf<Colour>();
expectTypeOf<Answer['big']>().toEqualTypeOf<bigint>();
expectTypeOf<Answer['person']>().toEqualTypeOf<{ name: string; nick: string | null }>();
expectTypeOf<Answer['maybe']>().toEqualTypeOf<number | undefined>();
expectTypeOf<Awaited<ReturnType<typeof everything.call>>['pair']>().toEqualTypeOf<[string, number]>();

class Mistakes extends Signature {
  // @ts-expect-error 'anyOf' lacks Cat
  @Output({ anyOf: [Dog] }) pet!: Dog | Cat;
  // @ts-expect-error the second item is a number
  @Output({ tuple: [String, String] }) pair!: [string, number];
  // @ts-expect-error the schema gives a number
  @Output({ schema: z.number() }) text!: string;
  // @ts-expect-error the schema may give null
  @Output({ schema: z.string().nullable() }) perhaps!: string;
  // @ts-expect-error the declared type is a string
  @Output({ type: 'decimal' }) price!: number;
  // @ts-expect-error a union says its types
  @Output() either!: Dog | Cat;
  // @ts-expect-error an enum has another member
  @Output({ oneOf: { Colour } }) colour!: Colour.Red;
}
void Mistakes;

// a string with types of its own
const named = signature('text -> people: list[Person], pets: dict[str, Dog | Cat], tree: Optional[Tree], mood: Mood', {
  types: { Person, Dog, Cat, Tree, Mood: { oneOf: ['glad', 'sad'] } },
});
expectTypeOf<InputsOf<typeof named>>().toEqualTypeOf<{ text: string }>();
expectTypeOf<OutputsOf<typeof named>>().toEqualTypeOf<{
  people: { name: string; nick: string | null }[];
  pets: Record<string, Dog | Cat>;
  tree: Tree | null;
  mood: 'glad' | 'sad';
}>();
// @ts-expect-error unknown type 'Persn'
signature('text -> people: list[Persn]', { types: { Person } });

// objects
const fields = signature({
  inputs: { text: null, tags: { items: String, desc: 'at most three' }, hint: { desc: 'a word' } },
  outputs: { score: 'int', pet: { anyOf: [Dog, Cat] }, person: Person, note: { type: String, optional: true } },
});
expectTypeOf<InputsOf<typeof fields>>().toEqualTypeOf<{ text: string; tags: string[]; hint: string }>();
expectTypeOf<OutputsOf<typeof fields>>().toEqualTypeOf<{
  score: number;
  pet: Dog | Cat;
  person: { name: string; nick: string | null };
  note: string | null;
}>();

// the strings of the reference's own tests, read by the compiler as by the parser
expectTypeOf<OutputsOf<'a: list[dict[str, float]] -> b: dict[str, list[dict[str, int]]]'>>().toEqualTypeOf<{
  b: Record<string, Record<string, number>[]>;
}>();
expectTypeOf<InputsOf<'a: Optional[list[str]] -> b: list[Optional[int]]'>>().toEqualTypeOf<{ a: string[] | null }>();
expectTypeOf<OutputsOf<'a: int | None -> b: None | str'>>().toEqualTypeOf<{ b: string | null }>();
expectTypeOf<OutputsOf<`a: Literal['x', 'y'] -> b: Literal["yes", "no"]`>>().toEqualTypeOf<{ b: 'yes' | 'no' }>();
expectTypeOf<OutputsOf<"a -> b: Literal['a'] | Literal['b']">>().toEqualTypeOf<{ b: 'a' | 'b' }>();
expectTypeOf<InputsOf<'a: decimal.Decimal -> b: uuid.UUID'>>().toEqualTypeOf<{ a: string }>();
expectTypeOf<InputsOf<'a: Optional[Optional[int]] -> b'>>().toEqualTypeOf<{ a: number | null }>();
expectTypeOf<OutputsOf<'größe -> 名前: int'>>().toEqualTypeOf<{ 名前: number }>();
expectTypeOf<OutputsOf<'a: complex -> b: bytes'>>().toEqualTypeOf<{ b: Uint8Array }>();
expectTypeOf<OutputsOf<'a: Sequence[int] -> b: frozenset[str], c: Mapping[str, int]'>>().toEqualTypeOf<{
  b: string[];
  c: Record<string, number>;
}>();
// @ts-expect-error as at run time: bare typing.List is no type
signature('a -> b: List');
// @ts-expect-error an arrow inside a Literal breaks the string
signature("a -> b: Literal['x->y']");
