import { checkSettings, type Settings } from './settings';

let root: Settings = Object.freeze({});

/**
 * Sets the settings of the whole process; later calls add to earlier ones. For applications, at their start: a library
 * uses `context` instead. Throws `UnknownOptionError` for a setting that does not exist.
 */
export function configure(settings: Settings): void {
  root = Object.freeze({ ...root, ...checkSettings('configure', settings) });
}

/** Forgets everything `configure` was told. For tests. */
export function resetConfiguration(): void {
  root = Object.freeze({});
}

/** What `configure` was told. */
export function configuredSettings(): Settings {
  return root;
}
