import { WELL_KNOWN_PREFIXES } from './namespaces';
import type { XmlElement } from './xml-element';

/** An element and the text that follows it, written again as XML, as Python's `ElementTree.tostring` writes it. */
export function xmlText(element: XmlElement): string {
  const prefixes = new Map<string, string>();
  const body = write(element, prefixes);
  if (prefixes.size === 0) return body;
  const byPrefix = [...prefixes].sort(([, a], [, b]) => (a < b ? -1 : 1));
  const declared = byPrefix.map(([address, prefix]) => ` xmlns:${prefix}="${escapeAttribute(address)}"`).join('');
  const nameEnd = nameOf(element.tag, prefixes).length + 1;
  return body.slice(0, nameEnd) + declared + body.slice(nameEnd);
}

/** XML's text, with the characters escaped that would be read as markup. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const LINE_BREAKS: Readonly<Record<string, string>> = { '\r': '&#13;', '\n': '&#10;', '\t': '&#09;' };

function escapeAttribute(text: string): string {
  return escapeText(text)
    .replaceAll('"', '&quot;')
    .replace(/[\r\n\t]/g, (unit) => LINE_BREAKS[unit] ?? unit);
}

function write(element: XmlElement, prefixes: Map<string, string>): string {
  const name = nameOf(element.tag, prefixes);
  const attributes = [...element.attributes].map(
    ([key, value]) => ` ${nameOf(key, prefixes)}="${escapeAttribute(value)}"`,
  );
  const inner = escapeText(element.text) + element.children.map((child) => write(child, prefixes)).join('');
  const opening = `<${name}${attributes.join('')}`;
  return (inner === '' ? `${opening} />` : `${opening}>${inner}</${name}>`) + escapeText(element.tail);
}

/** A name with a prefix for its namespace; new namespaces get a prefix as they are met. */
function nameOf(name: string, prefixes: Map<string, string>): string {
  if (!name.startsWith('{')) return name;
  const end = name.lastIndexOf('}');
  const address = name.slice(1, end);
  let prefix = prefixes.get(address) ?? WELL_KNOWN_PREFIXES.get(address);
  if (prefix === undefined) prefix = `ns${prefixes.size}`;
  if (prefix !== 'xml') prefixes.set(address, prefix);
  return `${prefix}:${name.slice(end + 1)}`;
}
