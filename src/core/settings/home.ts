import type { SettingName } from './settings';

/** Supplies settings to the programs that come from it, for example a container. */
export interface SettingsSource {
  /** Shown in explanations and errors, for example `container`. */
  readonly name: string;
  /** The setting, or `undefined` when this source has none. `named` asks for one of several, as in `lm: 'teacher'`. */
  get(key: SettingName, named?: string): unknown;
}

const HOME: unique symbol = Symbol('dspex.home');

/** Marks `target` as coming from `source`; clones of it keep the mark. Stamping again replaces the mark. */
export function stampHome<T extends object>(target: T, source: SettingsSource): T {
  Object.defineProperty(target, HOME, { value: source, enumerable: false, configurable: true, writable: true });
  return target;
}

/** Where `target` comes from, if it was stamped. */
export function homeOf(target: object): SettingsSource | undefined {
  return (target as { [HOME]?: SettingsSource })[HOME];
}
