import { PrivateFieldsError } from '../../core/errors/state-errors';
import type { Module } from './module';
import { isData, isModule } from './module-kind';
import { isPlainObject } from './walk';

/**
 * A structural copy of a program: fresh modules and predictors, fresh containers of modules; demos (frozen) and every
 * other attribute by reference. What was shared inside stays shared inside. No constructor runs.
 */
export function cloneModule<M extends Module>(module: M): M {
  return copyModule(module, new Map()) as M;
}

function copyModule(module: Module, copies: Map<object, unknown>): Module {
  const done = copies.get(module);
  if (done !== undefined) return done as Module;
  const recreated = module.recreate?.();
  if (recreated === undefined) refusePrivateFields(module);
  const copy: Module = recreated ?? Object.create(Object.getPrototypeOf(module));
  copies.set(module, copy);
  for (const key of Reflect.ownKeys(module)) {
    const property = Object.getOwnPropertyDescriptor(module, key) as PropertyDescriptor;
    if ('value' in property) property.value = copyValue(property.value, copies);
    // An ordinary attribute under a name that no class knows: an assignment does the same, several times as fast.
    const plain = property.writable === true && property.enumerable === true && property.configurable === true;
    if (plain && !(key in copy)) (copy as unknown as Record<PropertyKey, unknown>)[key] = property.value;
    else Object.defineProperty(copy, key, property);
  }
  return copy;
}

function copyValue(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isModule(value)) return copyModule(value, copies);
  if (copies.has(value)) return copies.get(value);
  // Demos and specs, for example, of which a program has many: nothing is made to look into them.
  if (isData(value) || !holdsModules(value, new Set())) return value;
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copies.set(value, copy);
    copy.push(...value.map((item) => copyValue(item, copies)));
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    copies.set(value, copy);
    for (const [key, item] of value) copy.set(key, copyValue(item, copies));
    return copy;
  }
  const copy: Record<string, unknown> = {};
  copies.set(value, copy);
  for (const [key, item] of Object.entries(value)) {
    Object.defineProperty(copy, key, {
      value: copyValue(item, copies),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

/** True for a container with a module in it, at any depth. */
function holdsModules(value: unknown, seen: Set<object>): boolean {
  if (typeof value !== 'object' || value === null || seen.has(value) || isData(value)) return false;
  if (isModule(value)) return true;
  seen.add(value);
  if (Array.isArray(value)) return value.some((item) => holdsModules(item, seen));
  if (value instanceof Map) return [...value.values()].some((item) => holdsModules(item, seen));
  return isPlainObject(value) && Object.values(value).some((item) => holdsModules(item, seen));
}

const checked = new WeakMap<object, boolean>();

/**
 * A copy made without the constructor has no `#private` fields, and would only fail later, at their first use. Source
 * text is the one place where the language shows that a class has them.
 */
function refusePrivateFields(module: Module): void {
  for (
    let prototype = Object.getPrototypeOf(module);
    isModule(prototype);
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const owner: { readonly name: string } = prototype.constructor;
    let found = checked.get(owner);
    if (found === undefined) {
      found = /\.#[\p{L}_$]|#[\p{L}_$][\p{L}\p{N}_$]* in |__classPrivateField[GS]et/u.test(
        Function.prototype.toString.call(owner),
      );
      checked.set(owner, found);
    }
    if (found) throw new PrivateFieldsError(owner.name);
  }
}
