import type { Module } from './module';
import type { Predict } from './predict';

/** Marks the prototypes of modules and predictors, so that the files about them need not import them. */
export const MODULE: unique symbol = Symbol('dspex.module');
export const PREDICTOR: unique symbol = Symbol('dspex.predictor');

/** Whether a value is a module, predictors included. */
/** True for modules, predictors among them. */
export function isModule(value: unknown): value is Module {
  return typeof value === 'object' && value !== null && MODULE in value;
}

/** Whether a value is a predictor: a module that asks an LM itself. */
/** True for predictors only. */
export function isPredictor(value: unknown): value is Predict {
  return typeof value === 'object' && value !== null && PREDICTOR in value;
}

const data = new WeakSet<object>();

/** Says that a container holds no modules, so that nobody need look: demos are many, and copies share them. */
export function markAsData<T extends object>(container: T): T {
  data.add(container);
  return container;
}

/** True for a container marked by `markAsData`. */
export function isData(container: object): boolean {
  return data.has(container);
}
