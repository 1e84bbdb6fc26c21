import { LMNotConfiguredError, UnknownLMNameError } from '../errors/settings-errors';
import type { Adapter } from '../ports/adapter';
import type { LM } from '../ports/lm';
import { configuredSettings } from './configure';
import { environmentLM } from './environment';
import { currentFrame, type Frame, type Overlay } from './frame';
import type { SettingsSource } from './home';
import { DEFAULT_SETTINGS, type SettingName, type Settings } from './settings';

/** Who supplied a setting, strongest first; `lm` is the adapter that the LM prefers. */
export type SettingLevel =
  | 'call'
  | 'predictor'
  | 'context'
  | 'lm'
  | 'home'
  | 'configure'
  | 'environment'
  | 'default'
  | 'none';

/** Levels whose adapter beats the one an LM prefers. */
export const BEATS_PREFERRED: readonly SettingLevel[] = ['call', 'predictor', 'context'];

/** A setting as it will be used: an LM's name has become the LM. */
export type SettingValue<K extends SettingName> = K extends 'lm' ? LM : NonNullable<Settings[K]>;

export interface ResolvedSetting<K extends SettingName> {
  readonly value: SettingValue<K> | undefined;
  readonly level: SettingLevel;
}

/** What the caller knows about a setting beside its frame. */
export interface GivenSetting<K extends SettingName> {
  /** The option of this very call. */
  readonly call?: Settings[K] | undefined;
  /** What is pinned on the predictor. */
  readonly pinned?: Settings[K] | undefined;
  /** The predictor's own home, which beats the home of the program around it. */
  readonly home?: SettingsSource | undefined;
}

/** Every level that supplies the setting, strongest first. */
export function* suppliers<K extends SettingName>(
  key: K,
  given: GivenSetting<K> = {},
  frame: Frame = currentFrame(),
): Generator<ResolvedSetting<K>> {
  const home = given.home ?? frame.home;
  const named = (value: unknown) => (key === 'lm' && typeof value === 'string' ? lmNamed(value, home) : value);
  const found = (value: unknown, level: SettingLevel) => ({ value: named(value) as SettingValue<K>, level });

  if (given.call !== undefined) yield found(given.call, 'call');
  for (const value of layers(frame.call, key)) yield found(value, 'call');
  if (given.pinned !== undefined) yield found(given.pinned, 'predictor');
  for (const value of layers(frame.pinned, key)) yield found(value, 'predictor');
  for (const value of layers(frame.ambient, key)) yield found(value, 'context');
  const atHome = home?.get(key);
  if (atHome !== undefined && atHome !== null) yield found(atHome, 'home');
  const configured = configuredSettings()[key];
  if (configured !== undefined) yield found(configured, 'configure');
  const environment = key === 'lm' ? environmentLM() : undefined;
  if (environment !== undefined) yield found(environment, 'environment');
  const fallback = DEFAULT_SETTINGS[key];
  if (fallback !== undefined) yield found(fallback, 'default');
}

/**
 * The value of a setting here and now, and the level it comes from: call option, pinned on the predictor, `context()`,
 * home (the container a program came from), `configure()`, environment, default.
 */
export function resolveSetting<K extends SettingName>(key: K, given: GivenSetting<K> = {}): ResolvedSetting<K> {
  for (const supplied of suppliers(key, given)) return supplied;
  return { value: undefined, level: 'none' };
}

/** The LM to call. Throws `LMNotConfiguredError` when no level supplies one. */
export function resolveLM(given: GivenSetting<'lm'> = {}): LM {
  const { value } = resolveSetting('lm', given);
  if (value === undefined) throw new LMNotConfiguredError();
  return value;
}

/** The adapter to use with `lm`: what the LM prefers comes after call, predictor and context, and before the rest. */
export function resolveAdapter(lm: LM | undefined, given: GivenSetting<'adapter'> = {}): ResolvedSetting<'adapter'> {
  const found = resolveSetting('adapter', given);
  const preferred: Adapter | undefined = lm?.preferredAdapter;
  return preferred === undefined || BEATS_PREFERRED.includes(found.level) ? found : { value: preferred, level: 'lm' };
}

function* layers<K extends SettingName>(overlay: Overlay | undefined, key: K): Generator<Settings[K]> {
  for (let layer = overlay; layer !== undefined; layer = layer.outer) {
    if (layer.values[key] !== undefined) yield layer.values[key];
  }
}

function lmNamed(name: string, home: SettingsSource | undefined): unknown {
  const lm = home?.get('lm', name);
  if (lm === undefined || lm === null) throw new UnknownLMNameError(name, home?.name);
  return lm;
}
