import { XmlParseError } from '../../../core/errors/value-errors';

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const REFERENCE = /&(?:#0*(\d{1,7});|#x0*([\da-fA-F]{1,6});|(amp|lt|gt|quot|apos);)/y;

/**
 * Text without its references: XML's five entities and characters by number. There are no others, because an answer
 * declares none. Throws `XmlParseError` for a bare `&` and for numbers that are no character of XML.
 */
export function decodeEntities(raw: string, at: number): string {
  let start = 0;
  let decoded = '';
  for (let next = raw.indexOf('&'); next >= 0; next = raw.indexOf('&', start)) {
    REFERENCE.lastIndex = next;
    const found = REFERENCE.exec(raw);
    if (found === null) throw new XmlParseError('it has an & that is no entity of XML; a bare & is written &amp;', at);
    decoded += raw.slice(start, next) + character(found, at);
    start = REFERENCE.lastIndex;
  }
  return start === 0 ? raw : decoded + raw.slice(start);
}

function character([whole, decimal, hex, name]: RegExpExecArray, at: number): string {
  if (name !== undefined) return NAMED[name] ?? '';
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  if (!isCharacter(code)) throw new XmlParseError(`${whole} is no character that XML allows`, at);
  return String.fromCodePoint(code);
}

function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
