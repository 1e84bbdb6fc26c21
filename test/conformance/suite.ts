/** One recorded behaviour of the reference: a line of a vectors file. */
export interface Vector {
  readonly id: string;
  readonly group: string;
  // biome-ignore lint/suspicious/noExplicitAny: each suite knows the shape of its own vectors
  readonly input: any;
  // biome-ignore lint/suspicious/noExplicitAny: each suite knows the shape of its own vectors
  readonly expect: any;
  readonly [key: string]: unknown;
}

/** What came of replaying a vector. A deviation or exemption is decided by a rule on the input, never by the id. */
export type Outcome =
  | { readonly kind: 'equal' }
  /** Different on purpose; `id` is a number of `docs/deviations.md`, for example `D7`. */
  | { readonly kind: 'deviation'; readonly id: string }
  /** Not for this implementation: Python-only, or the work of a later issue; says why. */
  | { readonly kind: 'not-applicable'; readonly reason: string }
  | { readonly kind: 'different'; readonly expected: unknown; readonly actual: unknown };

/** Replays the groups of one vectors file. */
export interface Suite {
  /** The vectors file, relative to the vectors directory, for example `optimizers/labeled_few_shot.jsonl`. */
  readonly file: string;
  /** True for groups of the file that this suite replays; the others are listed as out of scope. */
  covers(group: string): boolean;
  replay(vector: Vector): Outcome | Promise<Outcome>;
}
