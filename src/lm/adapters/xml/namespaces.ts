import { XmlParseError } from '../../../core/errors/value-errors';

/** Addresses by prefix; the default one stands under the empty prefix. */
export type Namespaces = ReadonlyMap<string, string>;

const XML = 'http://www.w3.org/XML/1998/namespace';

/** What every document knows. */
export const XML_NAMESPACES: Namespaces = new Map([['xml', XML]]);

/** Prefixes that are used for these addresses whatever the answer called them, as Python's `ElementTree` does. */
export const WELL_KNOWN_PREFIXES: Namespaces = new Map([
  [XML, 'xml'],
  ['http://www.w3.org/1999/xhtml', 'html'],
  ['http://www.w3.org/1999/02/22-rdf-syntax-ns#', 'rdf'],
  ['http://schemas.xmlsoap.org/wsdl/', 'wsdl'],
  ['http://www.w3.org/2001/XMLSchema', 'xs'],
  ['http://www.w3.org/2001/XMLSchema-instance', 'xsi'],
  ['http://purl.org/dc/elements/1.1/', 'dc'],
]);

/** The namespaces inside an element; its declarations are taken out of the attributes. Throws `XmlParseError`. */
export function namespacesOf(attributes: Map<string, string>, outer: Namespaces): Namespaces {
  let inner: Map<string, string> | undefined;
  for (const [name, address] of [...attributes]) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    const prefix = name.slice('xmlns:'.length);
    if (prefix !== '' && address === '') throw new XmlParseError(`the prefix ${prefix} is declared for no namespace`);
    inner ??= new Map(outer);
    inner.set(prefix, address);
    attributes.delete(name);
  }
  return inner ?? outer;
}

/** Tag and attributes with their namespaces in place of prefixes. Throws `XmlParseError` for a prefix nobody declared. */
export function qualified(
  name: string,
  attributes: ReadonlyMap<string, string>,
  namespaces: Namespaces,
): [tag: string, attributes: ReadonlyMap<string, string>] {
  const tag = name.includes(':') ? expanded(name, namespaces) : inDefault(name, namespaces);
  if (attributes.size === 0 || ![...attributes.keys()].some((key) => key.includes(':'))) return [tag, attributes];
  return [
    tag,
    new Map([...attributes].map(([key, value]) => [key.includes(':') ? expanded(key, namespaces) : key, value])),
  ];
}

function inDefault(name: string, namespaces: Namespaces): string {
  const address = namespaces.get('') ?? '';
  return address === '' ? name : `{${address}}${name}`;
}

function expanded(name: string, namespaces: Namespaces): string {
  const [prefix = '', local = ''] = name.split(':');
  const address = namespaces.get(prefix);
  if (address === undefined) throw new XmlParseError(`the prefix of ${name} is not declared`);
  return `{${address}}${local}`;
}
