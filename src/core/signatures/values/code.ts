import { shownValue, ValueParseError } from '../../errors/value-errors';
import { pythonStrip } from '../python/whitespace';
import { type CustomTypeSpec, type ModelType, STR } from '../type-spec';
import { customSpec } from './custom-spec';
import { CustomType } from './custom-type';
import { readMembers } from './read-members';

const FENCE = '```';

/** Program text: what stands in the first fence of an answer, or the whole answer. */
class CodeText extends CustomType {
  /** The text without its fence. */
  readonly code: string;

  constructor(code: string) {
    super();
    this.code = withoutFence(code);
    Object.freeze(this);
  }

  override format(): string {
    return this.code;
  }

  override toString(): string {
    return this.code;
  }
}

/** The class of code in one language. */
export type CodeClass = typeof CodeText;

/** Program text; the instance type of `Code` and of every `Code('...')`. */
export interface Code extends CodeText {}

/**
 * A field of program text (DSPy: `dspy.Code`): `@Output({ type: Code })` is Python, `@Output({ type: Code('java') })` names another
 * language. The answer may be fenced or not; `value.code` is the text alone. `new Code('x = 1')` makes a value.
 */
export const Code: CodeClass & ((language: string) => CodeClass) = new Proxy(CodeText, {
  apply: (_target, _self, [language]: [string]) => codeIn(language),
}) as CodeClass & ((language: string) => CodeClass);

Object.defineProperty(CodeText, 'name', { value: 'Code' });

const byLanguage = new Map<string, CodeClass>();

/** One class a language, so that two signatures with the same language have the same type. */
function codeIn(language: string): CodeClass {
  const known = byLanguage.get(language);
  if (known !== undefined) return known;
  const made = class extends CodeText {};
  Object.defineProperty(made, 'name', { value: `Code_${language}` });
  byLanguage.set(language, made);
  codeSpec(made, language);
  return made;
}

/** The type of a field of code in a language. */
function codeSpec(type: CodeClass, language: string): CustomTypeSpec {
  const shape: ModelType = { kind: 'model', name: type.name, fields: [{ name: 'code', type: STR }] };
  return customSpec(type, () => shape, {
    description:
      'Code represented in a string, specified in the `code` field. If this is an output field, the code field should follow the ' +
      `markdown code block format, e.g. \n${FENCE}${language.toLowerCase()}\n{code}\n${FENCE}\nProgramming language: ${language}`,
    plainText: true,
    parse: (given) => readCode(given, type),
  });
}

/** The type of a field of Python code. */
export const CODE: CustomTypeSpec = codeSpec(Code, 'python');

/** The type of a field of code in a language. */
export function codeType(language: string): CustomTypeSpec {
  return codeSpec(codeIn(language), language);
}

function readCode(given: unknown, type: CodeClass): CodeText {
  if (given instanceof CodeText) return given;
  const code = typeof given === 'string' ? given : readMembers(given, 'Code')['code'];
  if (typeof code === 'string') return new type(code);
  throw new ValueParseError(`it must be code or an object with the member code, not ${shownValue(given)}`);
}

/** What stands in the first fence: after its opening line, or on one line; the whole text when no fence is closed. */
function withoutFence(text: string): string {
  const start = text.indexOf(FENCE);
  if (start < 0) return text;
  const line = text.indexOf('\n', start + FENCE.length);
  const end = line < 0 ? -1 : text.indexOf(FENCE, line + 1);
  if (end >= 0) return pythonStrip(text.slice(line + 1, end));
  const close = text.indexOf(FENCE, start + FENCE.length);
  return close < 0 ? text : pythonStrip(text.slice(start + FENCE.length, close));
}
