/**
 * A readable label for a field name: `someAttributeName42` gives `Some Attribute Name 42` (DSPy: `infer_prefix`).
 * Kept for saved programs and COPRO; no prompt shows it.
 */
export function inferPrefix(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([a-zA-Z])(\d)/g, '$1_$2')
    .replace(/(\d)([a-zA-Z])/g, '$1_$2')
    .split('_')
    .map((word) => (isAllCaps(word) ? word : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()))
    .join(' ');
}

function isAllCaps(word: string): boolean {
  return word === word.toUpperCase() && word !== word.toLowerCase();
}
