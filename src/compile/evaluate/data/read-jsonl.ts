import { createReadStream } from 'node:fs';
import { ExampleInputsError, JsonlError } from '../../../core/errors/data-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import { Example } from '../../../core/primitives/example';
import type { FieldValues } from '../../../core/signatures/field-spec';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';
import { MAX_JSON_DEPTH, parseJson } from '../../../core/util/json';
import { type Line, LineCutter, LineTooLong } from '../../../core/util/streams/lines';

/** Options of `readJsonl`. */
export interface ReadJsonlOptions<T extends object, K extends string> {
  /** Names of the fields that are the program's inputs; every row must have them. At least one. */
  readonly inputs: readonly K[];
  /** Makes the fields of a row from those of a line: to rename, leave out or check them. What it throws names the line. */
  readonly map?: (fields: FieldValues, line: number) => T & Readonly<Record<K, unknown>>;
  /** Longest line, in bytes; default 16 MiB. */
  readonly maxLineBytes?: number;
  /** Deepest nesting of a line; default 200. */
  readonly maxDepth?: number;
}

/** Where JSONL comes from: the path of a file, or text in pieces, cut anywhere. */
export type JsonlSource = string | AsyncIterable<string | Uint8Array>;

const MAX_LINE_BYTES = 16 * 1024 * 1024;
const OPTIONS: readonly (keyof ReadJsonlOptions<object, never>)[] = ['inputs', 'map', 'maxLineBytes', 'maxDepth'];

/**
 * Rows of data from JSONL, one JSON object a line, read as they are asked for: memory holds a piece of 64 kB and a line, however long the
 * file is. Empty lines are skipped. Each loop over a path reads the file anew, so that the rows can be a devset of many calls.
 *
 * ```ts
 * const devset = readJsonl<{ question: string; answer: string }>('dev.jsonl', { inputs: ['question'] });
 * ```
 *
 * The loop throws `JsonlError`, which names the line: torn JSON, something that is no object, a missing input, bytes that are no
 * UTF-8, a line that is too long or too deep, a file that cannot be read. Bad options throw at once.
 */
export function readJsonl<T extends object, K extends string = Extract<keyof T, string>>(
  source: JsonlSource,
  options: ReadJsonlOptions<T, K>,
): AsyncIterable<Example<T, K & Extract<keyof T, string>>> {
  check(source, options);
  return { [Symbol.asyncIterator]: () => examples(source, options) };
}

type Unchecked = Omit<ReadJsonlOptions<object, never>, 'inputs' | 'map'> & {
  readonly inputs: unknown;
  readonly map?: unknown;
};

function check(source: unknown, options: Unchecked): void {
  checkOptions('readJsonl', options, OPTIONS);
  const { inputs, map, maxLineBytes = MAX_LINE_BYTES, maxDepth = MAX_JSON_DEPTH } = options;
  const isStream = typeof source === 'object' && source !== null && Symbol.asyncIterator in source;
  if (!isStream && (typeof source !== 'string' || source === '')) {
    throw new InvalidOptionError('readJsonl', 'source', source, 'a path, or an async iterable of text or bytes');
  }
  if (!Array.isArray(inputs) || inputs.length === 0 || inputs.some((name: unknown) => typeof name !== 'string')) {
    throw new InvalidOptionError('readJsonl', 'inputs', inputs, 'a list of names of fields, at least one');
  }
  if (map !== undefined && typeof map !== 'function') {
    throw new InvalidOptionError('readJsonl', 'map', map, 'a function (fields, line) => fields');
  }
  wholeNumber('readJsonl', 'maxLineBytes', maxLineBytes, 1);
  wholeNumber('readJsonl', 'maxDepth', maxDepth, 1);
}

async function* examples<T extends object, K extends string>(
  source: JsonlSource,
  options: ReadJsonlOptions<T, K>,
): AsyncGenerator<Example<T, K & Extract<keyof T, string>>, void, undefined> {
  const path = typeof source === 'string' ? source : undefined;
  const { maxLineBytes = MAX_LINE_BYTES } = options;
  const cutter = new LineCutter(maxLineBytes);
  const pieces = typeof source === 'string' ? createReadStream(source) : source;
  try {
    for await (const piece of pieces) {
      for (const line of cutter.push(piece)) if (!isEmpty(line)) yield exampleOf(line, path, options);
    }
    for (const line of cutter.end()) if (!isEmpty(line)) yield exampleOf(line, path, options);
  } catch (error) {
    if (error instanceof JsonlError) throw error;
    if (error instanceof LineTooLong) {
      throw new JsonlError(`is longer than maxLineBytes (${maxLineBytes} bytes)`, { path, line: error.number });
    }
    throw new JsonlError(`could not be read: ${messageOf(error)}`, { path }, { cause: error });
  }
}

function isEmpty({ text }: Line): boolean {
  return text !== undefined && text.trim() === '';
}

function exampleOf<T extends object, K extends string>(
  line: Line,
  path: string | undefined,
  { inputs, map, maxLineBytes = MAX_LINE_BYTES, maxDepth = MAX_JSON_DEPTH }: ReadJsonlOptions<T, K>,
): Example<T, K & Extract<keyof T, string>> {
  const where = { path, line: line.number };
  if (line.text === undefined) throw new JsonlError('is not valid UTF-8', where);
  let fields: unknown;
  try {
    fields = parseJson(line.text, { maxBytes: maxLineBytes, maxDepth });
  } catch (error) {
    throw new JsonlError(`holds no JSON. ${messageOf(error)}`, where, { cause: error });
  }
  if (!isRecord(fields)) throw new JsonlError(`holds ${kindOf(fields)}, not an object`, where);
  try {
    const row = (map === undefined ? fields : map(fields, line.number)) as T;
    return Example.withInputs(row, ...(inputs as readonly (K & Extract<keyof T, string>)[]));
  } catch (error) {
    const problem = error instanceof ExampleInputsError ? 'lacks an input' : 'was refused by map';
    throw new JsonlError(`${problem}. ${messageOf(error)}`, where, { cause: error });
  }
}

function isRecord(value: unknown): value is FieldValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

/** Without its last full stop: it stands at the end of a sentence. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
