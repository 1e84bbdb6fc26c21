/** An element of an answer written in XML. Names in a namespace read `{address}name`. */
export interface XmlElement {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  /** The text before the first child. */
  text: string;
  /** The text after the end tag, up to what follows in the parent. */
  tail: string;
}

/** Child elements by name, in the order of their first appearance; an `entry` counts under its `key`. */
export function childrenByName(element: XmlElement): ReadonlyMap<string, readonly XmlElement[]> {
  const groups = new Map<string, XmlElement[]>();
  for (const child of element.children) {
    const name = child.tag === 'entry' ? (child.attributes.get('key') ?? child.tag) : child.tag;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [child]);
    else group.push(child);
  }
  return groups;
}
