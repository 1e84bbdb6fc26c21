import { XmlParseError } from '../../../core/errors/value-errors';
import { MAX_JSON_BYTES, MAX_JSON_DEPTH } from '../../../core/util/json';
import { decodeEntities } from './entities';
import { type Namespaces, namespacesOf, qualified, XML_NAMESPACES } from './namespaces';
import type { XmlElement } from './xml-element';

/** Everything that XML 1.0 does not allow, lone surrogates and NUL among it. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const NAME_START =
  'A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF' +
  '\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const PART = `[${NAME_START}][${NAME_START}\\-.0-9\\xB7\\u0300-\\u036F\\u203F\\u2040]*`;
const NAME = `${PART}(?::${PART})?`;
const OPENING = new RegExp(`<(${NAME})`, 'uy');
const ATTRIBUTE = new RegExp(`[ \\t\\n]+(${NAME})[ \\t\\n]*=[ \\t\\n]*("[^"<]*"|'[^'<]*')`, 'uy');
/** Most tags by far: an ASCII name and nothing else. */
const SIMPLE_TAG = /<([A-Za-z_][\w.-]*)(\/?)>/y;
const TAG_END = /[ \t\n]*(\/?)>/y;
const CLOSING = new RegExp(`</(${NAME})[ \\t\\n]*>`, 'uy');
const INSTRUCTION = new RegExp(`<\\?(${NAME})(?=[ \\t\\n]|\\?>)`, 'uy');

/** More elements and attributes than any answer has; each costs far more than its characters. */
const MAX_ELEMENTS = 50_000;
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

interface Open {
  readonly element: XmlElement;
  readonly name: string;
  readonly namespaces: Namespaces;
}

/**
 * The elements and texts of an answer, under one element that stands for the answer as a whole. As strict as XML 1.0 asks: a bare
 * `&` or `<`, an unknown entity, a tag that is not closed are refused. Declarations are refused wherever they stand, so
 * there is nothing to expand; comments and processing instructions are passed over. Linear in the length of the text,
 * bounded in depth, size and number of elements. Throws `XmlParseError`.
 */
export function readXml(text: string): XmlElement {
  if (text.length * 3 > MAX_JSON_BYTES && Buffer.byteLength(text) > MAX_JSON_BYTES) {
    throw new XmlParseError(`it is longer than ${MAX_JSON_BYTES} bytes`);
  }
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden !== null) throw new XmlParseError('it has a character that XML does not allow', forbidden.index);
  return new XmlReader(text.replace(/\r\n?/g, '\n')).read();
}

class XmlReader {
  private at = 0;
  private elements = 0;
  private readonly root = makeElement('', NO_ATTRIBUTES);
  private readonly open: Open[] = [{ element: this.root, name: '', namespaces: XML_NAMESPACES }];

  constructor(private readonly text: string) {}

  read(): XmlElement {
    const { text } = this;
    while (this.at < text.length) {
      const next = text.indexOf('<', this.at);
      const end = next < 0 ? text.length : next;
      if (end > this.at) this.characters(text.slice(this.at, end));
      this.at = end;
      if (next >= 0) this.markup();
    }
    if (this.open.length > 1) this.refuse(`<${this.top.name}> is not closed`);
    return this.root;
  }

  private get top(): Open {
    return this.open.at(-1) as Open;
  }

  private characters(raw: string): void {
    if (raw.includes(']]>')) this.refuse('there is a ]]> that closes nothing');
    this.append(decodeEntities(raw, this.at));
  }

  private append(characters: string): void {
    const { element } = this.top;
    const last = element.children.at(-1);
    if (last === undefined) element.text += characters;
    else last.tail += characters;
  }

  private markup(): void {
    const { text } = this;
    if (text.startsWith('</', this.at)) this.closingTag();
    else if (text.startsWith('<!--', this.at)) this.comment();
    else if (text.startsWith('<![CDATA[', this.at)) this.append(this.upTo(']]>', 9));
    else if (text.startsWith('<?', this.at)) this.instruction();
    else this.openingTag();
  }

  private openingTag(): void {
    const simple = this.take(SIMPLE_TAG);
    if (simple !== undefined) {
      const [, tag = '', slash] = simple;
      this.addElement(tag, NO_ATTRIBUTES, this.top.namespaces, slash === '/');
      return;
    }
    const name = this.take(OPENING)?.[1] ?? this.refuse('there is a < that opens no tag');
    const attributes = new Map<string, string>();
    for (let found = this.take(ATTRIBUTE); found !== undefined; found = this.take(ATTRIBUTE)) {
      const [, key = '', quoted = ''] = found;
      this.count();
      if (attributes.has(key)) this.refuse(`<${name}> has two attributes ${key}`);
      attributes.set(key, decodeEntities(quoted.slice(1, -1).replace(/[\t\n]/g, ' '), this.at));
    }
    const end = this.take(TAG_END) ?? this.refuse(`the tag <${name}> is not well-formed`);
    this.addElement(name, attributes, namespacesOf(attributes, this.top.namespaces), end[1] === '/');
  }

  private addElement(
    name: string,
    given: ReadonlyMap<string, string>,
    namespaces: Namespaces,
    isClosed: boolean,
  ): void {
    this.count();
    const element = makeElement(...qualified(name, given, namespaces));
    this.top.element.children.push(element);
    if (isClosed) return;
    if (this.open.length > MAX_JSON_DEPTH) this.refuse(`it is nested deeper than ${MAX_JSON_DEPTH} levels`);
    this.open.push({ element, name, namespaces });
  }

  private count(): void {
    if (++this.elements > MAX_ELEMENTS) this.refuse(`it has more than ${MAX_ELEMENTS} elements and attributes`);
  }

  private closingTag(): void {
    const expected = `</${this.top.name}>`;
    if (this.open.length > 1 && this.text.startsWith(expected, this.at)) {
      this.at += expected.length;
      this.open.pop();
      return;
    }
    const name = this.take(CLOSING)?.[1] ?? this.refuse('there is a </ that closes no tag');
    if (this.open.length === 1 || this.top.name !== name) {
      this.refuse(
        this.open.length === 1 ? `</${name}> closes nothing` : `</${name}> stands where </${this.top.name}> belongs`,
      );
    }
    this.open.pop();
  }

  private comment(): void {
    this.upTo('--', 4);
    if (this.text[this.at] !== '>') this.refuse('a comment has -- in it');
    this.at++;
  }

  private instruction(): void {
    const target = this.take(INSTRUCTION)?.[1] ?? this.refuse('there is a <? that opens nothing');
    if (target.toLowerCase() === 'xml') this.refuse('an XML declaration stands inside the answer');
    this.upTo('?>', 0);
  }

  /** What stands before an end mark; the reader goes on behind it. */
  private upTo(mark: string, skip: number): string {
    const start = this.at + skip;
    const end = this.text.indexOf(mark, start);
    if (end < 0) this.refuse(`there is no ${mark}`);
    this.at = end + mark.length;
    return this.text.slice(start, end);
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }

  private refuse(problem: string): never {
    throw new XmlParseError(problem, this.at);
  }
}

function makeElement(tag: string, attributes: ReadonlyMap<string, string>): XmlElement {
  return { tag, attributes, children: [], text: '', tail: '' };
}
