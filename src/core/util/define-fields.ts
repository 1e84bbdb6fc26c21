/**
 * Gives `target` these fields as own, enumerable data properties. Unlike assignment it never runs a setter, so a field
 * called `__proto__`, or like a getter of the prototype, is just a field.
 */
export function defineFields<T extends object>(target: T, fields: object, writable: boolean): T {
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: writable, writable });
  }
  return target;
}
