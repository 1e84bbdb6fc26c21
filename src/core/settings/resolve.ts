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

/** Takes what one level says, strongest first; true when it wants no more. */
type TakeSupply<K extends SettingName> = (value: Settings[K], level: SettingLevel) => boolean;

/**
 * Goes through the levels that supply the setting, strongest first, until `take` has enough; weaker ones are then not even asked. It is
 * no generator because every call looks up ten settings.
 */
export function eachSupplier<K extends SettingName>(key: K, given: GivenSetting<K>, take: TakeSupply<K>): void {
  const frame = currentFrame();
  if (given.call !== undefined && take(given.call, 'call')) return;
  if (laidOver(frame.call, key, 'call', take)) return;
  if (given.pinned !== undefined && take(given.pinned, 'predictor')) return;
  if (laidOver(frame.pinned, key, 'predictor', take)) return;
  if (laidOver(frame.ambient, key, 'context', take)) return;
  const atHome = homeFor(given, frame)?.get(key) as Settings[K] | null;
  if (atHome !== undefined && atHome !== null && take(atHome, 'home')) return;
  const configured = configuredSettings()[key];
  if (configured !== undefined && take(configured, 'configure')) return;
  const environment = key === 'lm' ? environmentLM() : undefined;
  if (environment !== undefined && take(environment as Settings[K], 'environment')) return;
  const fallback = defaultSettings()[key];
  if (fallback !== undefined) take(fallback, 'default');
}

/** Every level that supplies the setting, strongest first. */
export function suppliers<K extends SettingName>(key: K, given: GivenSetting<K> = {}): SuppliedSetting<K>[] {
  const all: SuppliedSetting<K>[] = [];
  eachSupplier(key, given, (value, level) => {
    all.push({ value, level });
    return false;
  });
  return all;
}

/** What the strongest level says; an LM may still be a name. */
export function supplied<K extends SettingName>(
  key: K,
  given: GivenSetting<K> = NOTHING_GIVEN,
): SuppliedSetting<K> | undefined {
  let strongest: SuppliedSetting<K> | undefined;
  eachSupplier(key, given, (value, level) => {
    strongest = { value, level };
    return true;
  });
  return strongest;
}

const NOTHING_GIVEN = Object.freeze({});
const NONE: ResolvedSetting<never> = Object.freeze({ value: undefined, level: 'none' });

/**
 * The value of a setting here and now, and the level it comes from: call option, pinned on the predictor, `context()`,
 * home (the container a program came from), `configure()`, environment, default. Throws `UnknownLMNameError` for an LM
 * given by a name that the home does not know.
 */
export function resolveSetting<K extends SettingName>(
  key: K,
  given: GivenSetting<K> = NOTHING_GIVEN,
): ResolvedSetting<K> {
  const found = supplied(key, given);
  if (found === undefined) return NONE;
  const { value, level } = found;
  if (key !== 'lm' || typeof value !== 'string') return found as ResolvedSetting<K>;
  return { value: lmNamed(value, homeFor(given, currentFrame())) as SettingValue<K>, level };
}

/** The LM to call. Throws `LMNotConfiguredError` when no level supplies one, and `UnknownLMNameError`. */
export function resolveLM(given: GivenSetting<'lm'> = NOTHING_GIVEN): LM {
  const frame = currentFrame();
  const value = near('lm', given, frame) ?? far('lm', given, frame);
  if (value === undefined) throw new LMNotConfiguredError();
  return typeof value === 'string' ? (lmNamed(value, homeFor(given, frame)) as LM) : value;
}

/** The adapter to use with `lm`: what the LM prefers comes after call, predictor and context, and before the rest. */
export function resolveAdapter(lm: LM | undefined, given: GivenSetting<'adapter'> = NOTHING_GIVEN): Adapter {
  const frame = currentFrame();
  const adapter = near('adapter', given, frame) ?? lm?.preferredAdapter ?? far('adapter', given, frame);
  if (adapter === undefined) throw new AdapterNotConfiguredError();
  return adapter;
}

/** Settings that are used as they are given, unlike an LM, which may be a name, and an adapter, which an LM may prefer. */
export type PlainSetting = Exclude<SettingName, 'lm' | 'adapter'>;

/**
 * The value of a setting for code that runs in `frame`: what `resolveSetting` finds there, without its level. Every call looks up six of
 * these; nothing is made for one.
 */
export function settingIn<K extends PlainSetting>(
  frame: Frame,
  key: K,
  given: GivenSetting<K> = NOTHING_GIVEN,
): Settings[K] | undefined {
  return near(key, given, frame) ?? far(key, given, frame);
}

/** What call, predictor and context say (`BEATS_PREFERRED`), strongest first, as `eachSupplier` goes through them. */
function near<K extends SettingName>(key: K, given: GivenSetting<K>, frame: Frame): Settings[K] | undefined {
  return (
    given.call ?? valueIn(frame.call, key) ?? given.pinned ?? valueIn(frame.pinned, key) ?? valueIn(frame.ambient, key)
  );
}

/** What the levels behind them say. */
function far<K extends SettingName>(key: K, given: GivenSetting<K>, frame: Frame): Settings[K] | undefined {
  return (
    (homeFor(given, frame)?.get(key) as Settings[K] | null) ??
    configuredSettings()[key] ??
    (key === 'lm' ? (environmentLM() as Settings[K] | undefined) : undefined) ??
    defaultSettings()[key]
  );
}

function valueIn<K extends SettingName>(overlay: Overlay | undefined, key: K): Settings[K] | undefined {
  for (let layer = overlay; layer !== undefined; layer = layer.outer) {
    const value = layer.values[key];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** True when `take` has enough. */
function laidOver<K extends SettingName>(
  overlay: Overlay | undefined,
  key: K,
  level: SettingLevel,
  take: TakeSupply<K>,
): boolean {
  for (let layer = overlay; layer !== undefined; layer = layer.outer) {
    if (layer.values[key] !== undefined && take(layer.values[key], level)) return true;
  }
  return false;
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
