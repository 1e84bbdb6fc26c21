// What the mock says about a number, in the format that the model's name asks for.
//   mock            markers of the chat adapter      mock-json        an object           mock-ax        as Ax asks for it
//   ...-bytes-N     a completion of about N bytes    ...-pieces-N     streamed in N pieces instead of 16

/** A completion in pieces around the number, so that it can be written as JSON before it is asked for. */
export interface Answer {
  readonly head: string;
  readonly tail: string;
  /** In how many pieces it is streamed. */
  readonly pieces: number;
}

const FORMATS: Readonly<Record<string, readonly [head: string, tail: string]>> = {
  mock: ['[[ ## answer ## ]]\nIt is ', ', and so it was before.\n\n[[ ## completed ## ]]'],
  'mock-json': ['{"answer": "It is ', ', and so it was before."}'],
  'mock-ax': ['Answer: It is ', ', and so it was before.'],
};

/** What a model of this name answers. */
export function answerOf(model: string): Answer {
  const named = /^(?<format>[a-z-]+?)(?:-bytes-(?<bytes>\d+))?(?:-pieces-(?<pieces>\d+))?$/u.exec(model)?.groups ?? {};
  const [head, tail] = FORMATS[named['format'] ?? ''] ?? (FORMATS['mock'] as [string, string]);
  const missing = Math.max(0, Number(named['bytes'] ?? 0) - head.length - tail.length);
  const filler = 'so it was, '.repeat(Math.ceil(missing / 11)).slice(0, missing);
  return { head, tail: tail.replace('so it was', `${filler}so it was`), pieces: Number(named['pieces'] ?? 16) };
}
