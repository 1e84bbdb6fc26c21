import type { Module } from './module';
import { isData, isModule, isPredictor } from './module-kind';
import type { Predict } from './predict';

/** A predictor and its path, which names it in saved programs and reports. */
export type NamedPredictor = [path: string, predictor: Predict];

export interface WalkOptions {
  /** Leave out sub-modules marked as compiled, which optimizers must not touch; default false. */
  readonly skipCompiled?: boolean;
}

/** A place of a module that holds another module; setting it replaces the module. */
interface Slot {
  readonly path: string;
  readonly module: Module;
  put(module: Module): void;
}

/**
 * The predictors of a program under DSPy's names, in DSPy's order: attributes in the order they were assigned, lists as
 * `name[0]`, maps and plain objects as `name['key']`, modules as `name.sub`; a shared predictor once, under its first
 * name; `self` for a predictor itself. Containers inside containers are not searched.
 */
export function namedPredictors(root: Module, options: WalkOptions = {}): NamedPredictor[] {
  if (isPredictor(root)) return [['self', root]];
  const found = new Map<Predict, string>();
  visit(root, '', found, new Set(), options.skipCompiled === true);
  return [...found].map(([predictor, path]) => [path, predictor]);
}

function visit(
  module: Module,
  prefix: string,
  found: Map<Predict, string>,
  seen: Set<Module>,
  skipCompiled: boolean,
): void {
  seen.add(module);
  for (const slot of slots(module)) {
    const path = `${prefix}${slot.path}`;
    if (isPredictor(slot.module)) {
      if (!found.has(slot.module)) found.set(slot.module, path);
    } else if (!seen.has(slot.module) && !(skipCompiled && slot.module.compiled)) {
      visit(slot.module, `${path}.`, found, seen, skipCompiled);
    }
  }
}

/** Replaces predictors in place: each distinct one by `change(predictor, path)`, wherever it stands. */
export function replacePredictors(root: Module, change: (predictor: Predict, path: string) => Predict): void {
  const replacement = new Map<Module, Predict>();
  for (const [path, predictor] of namedPredictors(root)) replacement.set(predictor, change(predictor, path));
  const seen = new Set<Module>();
  const replaceIn = (module: Module): void => {
    seen.add(module);
    for (const slot of [...slots(module)]) {
      const other = replacement.get(slot.module);
      if (other !== undefined) slot.put(other);
      else if (!seen.has(slot.module)) replaceIn(slot.module);
    }
  };
  replaceIn(root);
}

/** Every module of a program, itself first, breadth first, with paths such as `self.a[0][key].b` (DSPy's spelling). */
export function namedSubModules(root: Module, options: WalkOptions = {}): [path: string, module: Module][] {
  const found: [string, Module][] = [];
  const seen = new Set<unknown>([root]);
  const queue: [string, unknown][] = [['self', root]];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [path, item] = next;
    if (isModule(item)) found.push([path, item]);
    if (isModule(item) && options.skipCompiled === true && item.compiled) continue;
    for (const [key, value] of members(item)) {
      if (typeof value !== 'object' || value === null || seen.has(value)) continue;
      seen.add(value);
      queue.push([isModule(item) ? `${path}.${key}` : `${path}[${key}]`, value]);
    }
  }
  return found;
}

function* slots(module: Module): Generator<Slot> {
  for (const [name, value] of members(module)) {
    if (isModule(value)) {
      yield { path: name, module: value, put: (other) => Reflect.set(module, name, other) };
    } else {
      const quote = Array.isArray(value) ? '' : "'";
      for (const [key, item] of members(value)) {
        if (!isModule(item)) continue;
        yield { path: `${name}[${quote}${key}${quote}]`, module: item, put: (other) => putInto(value, key, other) };
      }
    }
  }
}

function putInto(container: unknown, key: unknown, module: Module): void {
  if (container instanceof Map) container.set(key, module);
  else Reflect.set(container as object, key as string, module);
}

/** What a module, array, map or plain object holds. Accessors are not run. */
function* members(holder: unknown): Generator<[key: string, value: unknown]> {
  if (holder instanceof Map) {
    yield* holder as Map<string, unknown>;
  } else if (Array.isArray(holder)) {
    if (!isData(holder)) for (const [index, item] of holder.entries()) yield [String(index), item];
  } else if (isModule(holder) || isPlainObject(holder)) {
    for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      if (property.enumerable === true && 'value' in property) yield [key, property.value];
    }
  }
}

/** True for `{...}`: the only objects that count as containers, beside arrays and maps. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
