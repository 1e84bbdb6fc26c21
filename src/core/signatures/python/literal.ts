const NUMBER =
  /^[+-]?\s*(?:0[xX][\da-fA-F]+(?:_[\da-fA-F]+)*|0[oO][0-7]+(?:_[0-7]+)*|0[bB][01]+(?:_[01]+)*|(?:\d+(?:_\d+)*)?(?:\.(?:\d+(?:_\d+)*)?)?(?:[eE][+-]?\d+(?:_\d+)*)?)$/;
const LEADING_ZERO = /^[+-]?\s*0[\d_]*[1-9][\d_]*$/;
const WORDS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};
const ESCAPE = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g;
/** Longest text that is taken for a literal; a model that means a value so long writes JSON. */
const MAX_CHARACTERS = 64 * 1024;
/** Longer runs of digits are an attack, not a number; Python stops there too. */
const MAX_DIGITS = 4300;

/**
 * The value of a Python scalar literal, or of several with commas between (a tuple), as models sometimes write them:
 * `True`, `1_000`, `0x10`, `'it'`, `1, 2`, `set()`. `undefined` when the text is none; lists and dicts are not read here,
 * because the tolerant JSON reader does that (Python: `ast.literal_eval`).
 */
export function readPythonLiteral(text: string): { readonly value: unknown } | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_CHARACTERS) return undefined;
  if (trimmed === 'set()') return { value: [] };
  const values: unknown[] = [];
  let at = 0;
  while (at < trimmed.length) {
    const end = scalarEnd(trimmed, at);
    const scalar = end === undefined ? undefined : readScalar(trimmed.slice(at, end).trim());
    if (end === undefined || scalar === undefined) return undefined;
    values.push(scalar.value);
    if (end === trimmed.length) return values.length === 1 ? scalar : { value: values };
    at = end + 1;
  }
  return values.length === 0 ? undefined : { value: values };
}

/** Where the scalar that begins at a place ends: at a comma or the end of the text. */
function scalarEnd(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  const quote = text.charAt(at);
  if (quote === "'" || quote === '"') {
    for (at++; text.charAt(at) !== quote; at += text.charAt(at) === '\\' ? 2 : 1) {
      if (at >= text.length || text.charAt(at) === '\n') return undefined;
    }
    at++;
    while (at < text.length && /\s/.test(text.charAt(at))) at++;
    return at === text.length || text.charAt(at) === ',' ? at : undefined;
  }
  const comma = text.indexOf(',', at);
  return comma < 0 ? text.length : comma;
}

function readScalar(text: string): { readonly value: unknown } | undefined {
  if (Object.hasOwn(WORDS, text)) return { value: WORDS[text] };
  const quote = text.charAt(0);
  if (quote === "'" || quote === '"') {
    const closed = text.length > 1 && text.endsWith(quote);
    return closed ? { value: text.slice(1, -1).replace(ESCAPE, unescapeOne) } : undefined;
  }
  const isNumber = text.length <= MAX_DIGITS && /\d/.test(text) && NUMBER.test(text) && !LEADING_ZERO.test(text);
  return isNumber ? { value: numberOf(text) } : undefined;
}

function numberOf(text: string): number | bigint {
  const digits = text.replace(/[_\s]/g, '');
  const unsigned = digits.replace(/^[+-]/, '');
  const whole = /^(?:\d+|0[xXoObB].*)$/.test(unsigned);
  const value = whole ? BigInt(unsigned) : Number(unsigned);
  const signed = digits.startsWith('-') ? -value : value;
  return typeof signed === 'bigint' && Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

function unescapeOne(all: string, octal?: string, x?: string, u?: string, long?: string, other?: string): string {
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
  const code = Number.parseInt(x ?? u ?? long ?? '', 16);
  if (!Number.isNaN(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  return SIMPLE_ESCAPES[other ?? ''] ?? all;
}
