import { JsonParseError } from '../errors/value-errors';
import { checkOptions } from './check-options';

/** Bounds on a JSON text. */
export interface ParseJsonOptions {
  /** Longest text, in UTF-8 bytes; default 64 MiB. */
  readonly maxBytes?: number;
  /** Deepest nesting of arrays and objects; default 200. */
  readonly maxDepth?: number;
}

const DEFAULTS: ParseJsonOptions = Object.freeze({});

/** 64 MiB: far above any saved program, far below what exhausts memory. */
export const MAX_JSON_BYTES = 64 * 1024 * 1024;
/** Deeper values overflow the stack of whoever walks them. */
export const MAX_JSON_DEPTH = 200;

/**
 * The value of a JSON text from outside. Bounded in size and depth before anything is built; a key called `__proto__`
 * becomes an ordinary own property and changes no prototype. Throws `JsonParseError`.
 */
export function parseJson(text: string, options: ParseJsonOptions = DEFAULTS): unknown {
  if (options !== DEFAULTS) checkOptions('parseJson', options, ['maxBytes', 'maxDepth']);
  const { maxBytes = MAX_JSON_BYTES, maxDepth = MAX_JSON_DEPTH } = options;
  // A UTF-16 unit is at most three UTF-8 bytes, so short texts need no exact count.
  if (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes) {
    throw new JsonParseError(`it is longer than ${maxBytes} bytes`);
  }
  // A text that is no longer than that cannot be nested deeper.
  if (text.length > maxDepth && jsonDepth(text) > maxDepth)
    throw new JsonParseError(`it is nested deeper than ${maxDepth} levels`);
  try {
    // JSON.parse defines members, it does not assign them: a `__proto__` key is inert.
    return JSON.parse(text);
  } catch (error) {
    throw new JsonParseError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Deepest nesting that the brackets of a text reach, those inside strings left out. Strings are jumped over: most of a text is strings. */
function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = stringEnd(text, at);
    else if (unit === 0x5b || unit === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (unit === 0x5d || unit === 0x7d) depth--;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where the string that begins at `start` is closed: the next quote after an even number of backslashes. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}
