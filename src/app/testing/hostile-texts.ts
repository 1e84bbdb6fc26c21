/** A text that no model should write, and that some day one will. */
export interface HostileText {
  readonly name: string;
  readonly text: string;
}

/**
 * Texts against readers of answers: deep nesting, endless quotes, keys that reach prototypes, markers of layouts in the wrong
 * places, characters that are none. `size` is the length of the long ones, in characters; brackets nest a tenth as deep.
 */
export function hostileTexts(size = 1_000_000): readonly HostileText[] {
  const long = (part: string) => part.repeat(Math.ceil(size / part.length)).slice(0, size);
  const deep = Math.ceil(size / 10);
  return [
    ['nothing', ''],
    ['blanks', long(' \n\t')],
    ['one word', long('a')],
    ['__proto__ as a key', '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'],
    ['__proto__ as a header', '[[ ## __proto__ ## ]]\n{"polluted": true}\n[[ ## constructor ## ]]\nx'],
    ['__proto__ as an element', '<__proto__><polluted>1</polluted></__proto__><constructor>x</constructor>'],
    ['__proto__ again and again', long('{"__proto__": ')],
    ['open brackets', '['.repeat(deep)],
    ['open braces', '{'.repeat(deep)],
    ['open members', '{"a": '.repeat(deep)],
    ['closed brackets', `${'['.repeat(deep)}${']'.repeat(deep)}`],
    ['closed objects', `${'{"a": '.repeat(deep)}1${'}'.repeat(deep)}`],
    ['closing brackets alone', long('}]')],
    ['quotes', long('"')],
    ['apostrophes', long("'")],
    ['quotes inside quotes', `{"a": "${long('he said "no", ')}"}`],
    ['apostrophes inside quotes', `{'a': '${long("it's ")}'}`],
    ['backslashes', long('\\')],
    ['a text without end', `{"a": "${long('\\"')}`],
    ['broken escapes', `"${long('\\u12')}"`],
    ['commas', `[${long(',')}]`],
    ['colons', `{${long(':')}}`],
    ['words and commas', `{"a": ${long('one, two: ')}}`],
    ['comments', `{${long('/* x */ // y\n# z\n')}`],
    ['a comment without end', `{"a": 1 /*${long('*')}`],
    ['code fences', long('```json\n{}\n')],
    ['fences without end', long('```')],
    ['digits', long('9')],
    ['digits and a letter', `${long('9')}x`],
    ['digits between marks', `1${long('_1')}.`],
    ['zeros', `0.${long('0')}1x`],
    ['a number and blanks', `1${long(' ')}1`],
    ['a pair of blanks', `(${long(' ')}x`],
    ['number signs', long('#')],
    ['a duration', `P${long('1')}x`],
    ['signs', long('-')],
    ['an exponent', `1e${long('9')}`],
    ['headers', long('[[ ## answer ## ]]')],
    ['headers on lines', long('[[ ## answer ## ]]\n1\n')],
    ['half headers', long('[[ ## ')],
    ['a header with a long name', `[[ ## ${long('a')} ## ]]`],
    ['elements', long('<answer>')],
    ['closed elements', `${'<a>'.repeat(deep)}${'</a>'.repeat(deep)}`],
    ['elements on lines', long('<answer>1</answer>\n')],
    ['half elements', long('<')],
    ['attributes', `<answer ${long('a="b" ')}>x</answer>`],
    ['entities', `<!DOCTYPE a [<!ENTITY b "${'&c;'.repeat(100)}">]><answer>${long('&b;&#x0;')}</answer>`],
    ['sections', `<answer>${long('<![CDATA[')}</answer>`],
    ['lone surrogates', long('\ud800 \udc00')],
    ['NUL', long('\u0000')],
    ['separators and marks', long('\u2028\ufeff\u0085\u200f')],
  ].map(([name = '', text = '']) => ({ name, text }));
}
