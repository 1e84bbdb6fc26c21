import { AdapterNotConfiguredError, LMNotConfiguredError, UnknownLMNameError } from '../errors/settings-errors';
import type { Adapter } from '../ports/adapter';
import type { LM } from '../ports/lm';
import { configuredSettings } from './configure';
import { environmentLM } from './environment';
import { currentFrame, type Frame, type Overlay } from './frame';
import type { SettingsSource } from './home';
import { defaultSettings, type SettingName, type Settings } from './settings';

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

/** What one level says about a setting; an LM may still be a name. */
export interface SuppliedSetting<K extends SettingName> {
  readonly value: Settings[K];
  readonly level: SettingLevel;
}

/** Every level that supplies the setting, strongest first. */
export function* suppliers<K extends SettingName>(
  key: K,
  given: GivenSetting<K> = {},
  frame: Frame = currentFrame(),
): Generator<SuppliedSetting<K>> {
  if (given.call !== undefined) yield { value: given.call, level: 'call' };
  for (const value of layers(frame.call, key)) yield { value, level: 'call' };
  if (given.pinned !== undefined) yield { value: given.pinned, level: 'predictor' };
  for (const value of layers(frame.pinned, key)) yield { value, level: 'predictor' };
  for (const value of layers(frame.ambient, key)) yield { value, level: 'context' };
  const atHome = homeFor(given, frame)?.get(key) as Settings[K] | null;
  if (atHome !== undefined && atHome !== null) yield { value: atHome, level: 'home' };
  const configured = configuredSettings()[key];
  if (configured !== undefined) yield { value: configured, level: 'configure' };
  const environment = key === 'lm' ? environmentLM() : undefined;
  if (environment !== undefined) yield { value: environment as Settings[K], level: 'environment' };
  const fallback = defaultSettings()[key];
  if (fallback !== undefined) yield { value: fallback, level: 'default' };
}

/**
 * The value of a setting here and now, and the level it comes from: call option, pinned on the predictor, `context()`,
 * home (the container a program came from), `configure()`, environment, default. Throws `UnknownLMNameError` for an LM
 * given by a name that the home does not know.
 */
export function resolveSetting<K extends SettingName>(key: K, given: GivenSetting<K> = {}): ResolvedSetting<K> {
  for (const { value, level } of suppliers(key, given)) {
    const lm = key === 'lm' && typeof value === 'string' ? lmNamed(value, homeFor(given, currentFrame())) : value;
    return { value: lm as SettingValue<K>, level };
  }
  return { value: undefined, level: 'none' };
}

/** The LM to call. Throws `LMNotConfiguredError` when no level supplies one. */
export function resolveLM(given: GivenSetting<'lm'> = {}): LM {
  const { value } = resolveSetting('lm', given);
  if (value === undefined) throw new LMNotConfiguredError();
  return value;
}

/** The adapter to use with `lm`: what the LM prefers comes after call, predictor and context, and before the rest. */
export function resolveAdapter(lm: LM | undefined, given: GivenSetting<'adapter'> = {}): Adapter {
  const { value, level } = resolveSetting('adapter', given);
  const preferred = BEATS_PREFERRED.includes(level) ? undefined : lm?.preferredAdapter;
  const adapter = preferred ?? value;
  if (adapter === undefined) throw new AdapterNotConfiguredError();
  return adapter;
}

function* layers<K extends SettingName>(overlay: Overlay | undefined, key: K): Generator<Settings[K]> {
  for (let layer = overlay; layer !== undefined; layer = layer.outer) {
    if (layer.values[key] !== undefined) yield layer.values[key];
  }
}

function homeFor(given: GivenSetting<SettingName>, frame: Frame): SettingsSource | undefined {
  return given.home ?? frame.home;
}

/** The LM of that name in the home. Throws `UnknownLMNameError`. */
function lmNamed(name: string, home: SettingsSource | undefined): unknown {
  const lm = home?.get('lm', name);
  if (lm === undefined || lm === null) throw new UnknownLMNameError(name, home?.name);
  return lm;
}
