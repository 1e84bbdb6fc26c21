import type { Adapter } from '../ports/adapter';
import { LM } from '../ports/lm';
import { homeOf } from './home';
import { BEATS_PREFERRED, type GivenSetting, resolveSetting, type SettingLevel, supplied, suppliers } from './resolve';
import { SETTING_NAMES, type SettingName } from './settings';

/** One line of the explanation. */
export interface ExplainedSetting {
  readonly name: SettingName;
  readonly value: unknown;
  readonly level: SettingLevel;
  /** Levels that supply it too and are not heard, strongest first. */
  readonly shadows: readonly { readonly level: SettingLevel; readonly value: unknown }[];
}

/** One entry a setting; printed, one line a setting. */
export type SettingsExplanation = readonly ExplainedSetting[] & { toString(): string };

/**
 * Each setting as it holds here and now: its value, the level that supplied it, and what that level shadows. Given a
 * predictor or program, as it holds for its next call from here.
 */
export function explainSettings(target?: object): SettingsExplanation {
  const lines = SETTING_NAMES.map((name) => explained(name, target));
  const asText = { value: () => render(lines) };
  // `console.log` shows the text too.
  Object.defineProperties(lines, { toString: asText, [Symbol.for('nodejs.util.inspect.custom')]: asText });
  return Object.freeze(lines);
}

function explained(name: SettingName, target: object | undefined): ExplainedSetting {
  const all: { value: unknown; level: SettingLevel }[] = suppliers(name, givenBy(name, target));
  const preferred = name === 'adapter' ? preferredAdapter(target) : undefined;
  if (preferred !== undefined) {
    const place = all.filter(({ level }) => BEATS_PREFERRED.includes(level)).length;
    all.splice(place, 0, { value: preferred, level: 'lm' });
  }
  const [first, ...shadows] = all;
  return { name, value: first?.value, level: first?.level ?? 'none', shadows };
}

function givenBy<K extends SettingName>(name: K, target: object | undefined): GivenSetting<K> {
  if (target === undefined) return {};
  const pinned = name === 'lm' || name === 'adapter' ? (target as GivenSetting<K>)[name as never] : undefined;
  return { pinned, home: homeOf(target) };
}

/** None when the LM is given by a name that nobody knows: to explain must not fail. */
function preferredAdapter(target: object | undefined): Adapter | undefined {
  const given = givenBy('lm', target);
  const strongest = supplied('lm', given);
  if (strongest?.value instanceof LM) return strongest.value.preferredAdapter;
  try {
    return resolveSetting('lm', given).value?.preferredAdapter;
  } catch {
    return undefined;
  }
}

function render(lines: readonly ExplainedSetting[]): string {
  return lines
    .map(({ name, value, level, shadows }) => {
      const hidden = shadows.map((shadow) => `${shown(shadow.value)} (${shadow.level})`).join(', ');
      return `${name}: ${shown(value)} (${level})${hidden === '' ? '' : `, shadows ${hidden}`}`;
    })
    .join('\n');
}

/** Enough to recognise a value; an LM may hold secrets, so only its model is shown. */
function shown(value: unknown): string {
  if (value === undefined) return 'not set';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const facts = value as { model?: unknown; name?: unknown };
  const kind = value.constructor.name;
  if (typeof facts.model === 'string') return `${kind} ${facts.model}`;
  return typeof facts.name === 'string' ? facts.name : kind;
}
