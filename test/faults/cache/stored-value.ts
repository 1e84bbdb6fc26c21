/** The value that a key must have: short ones, and ones that lmdb puts on pages of their own. */
export function storedValue(key: string): { readonly key: string; readonly text: string } {
  return { key, text: key.repeat(key.endsWith('3') ? 400 : 5) };
}
