const NUMBER =
  /^[+-]?\s*(?:0[xX][\da-fA-F]+(?:_[\da-fA-F]+)*|0[oO][0-7]+(?:_[0-7]+)*|0[bB][01]+(?:_[01]+)*|(?:\d+(?:_\d+)*)?\.?(?:\d+(?:_\d+)*)?(?:[eE][+-]?\d+(?:_\d+)*)?)$/;
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
const STRING = /^[uU]?(?:'((?:[^'\\\n]|\\[^])*)'|"((?:[^"\\\n]|\\[^])*)")$/;
const ESCAPE = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([^]))/g;

/**
 * The value of a Python scalar literal, or of several with commas between (a tuple), as models sometimes write them:
 * `True`, `1_000`, `0x10`, `'it'`, `1, 2`. `undefined` when the text is none; lists and dicts are not read here, because
 * the tolerant JSON reader does that (Python: `ast.literal_eval`).
 */
export function readPythonLiteral(text: string): { readonly value: unknown } | undefined {
  const trimmed = text.trim();
  const scalar = readScalar(trimmed);
  if (scalar !== undefined || !trimmed.includes(',')) return scalar;
  const parts = trimmed
    .replace(/,$/, '')
    .split(',')
    .map((part) => readScalar(part.trim()));
  return parts.every((part) => part !== undefined) ? { value: parts.map((part) => part?.value) } : undefined;
}

function readScalar(text: string): { readonly value: unknown } | undefined {
  if (Object.hasOwn(WORDS, text)) return { value: WORDS[text] };
  if (/\d/.test(text) && NUMBER.test(text) && !LEADING_ZERO.test(text)) return { value: numberOf(text) };
  const quoted = STRING.exec(text);
  if (quoted === null) return undefined;
  return { value: (quoted[1] ?? quoted[2] ?? '').replace(ESCAPE, unescapeOne) };
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
