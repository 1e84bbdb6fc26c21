import { currentFrame } from './frame';
import { BEATS_PREFERRED, type GivenSetting, type SettingLevel, suppliers } from './resolve';
import { SETTING_NAMES, type SettingName } from './settings';

/** One line of the explanation. */
export interface ExplainedSetting {
  readonly name: SettingName;
  readonly value: unknown;
  readonly level: SettingLevel;
  /** Levels that supply it too and are not heard, strongest first. */
  readonly shadows: readonly { readonly level: SettingLevel; readonly value: unknown }[];
}

export type SettingsExplanation = readonly ExplainedSetting[] & { toString(): string };

/** Each setting as it holds here and now: its value, the level that supplied it, and what that level shadows. */
export function explainSettings(given: { readonly [K in SettingName]?: GivenSetting<K> } = {}): SettingsExplanation {
  const lines = SETTING_NAMES.map((name) => explained(name, given));
  return Object.freeze(Object.defineProperty(lines, 'toString', { value: () => render(lines) })) as SettingsExplanation;
}

function explained(name: SettingName, given: { readonly [K in SettingName]?: GivenSetting<K> }): ExplainedSetting {
  const all: { value: unknown; level: SettingLevel }[] = [
    ...suppliers(name, given[name] as GivenSetting<typeof name>, currentFrame()),
  ];
  if (name === 'adapter') {
    const [lm] = suppliers('lm', given.lm);
    const preferred = lm?.value?.preferredAdapter;
    const place = all.filter(({ level }) => BEATS_PREFERRED.includes(level)).length;
    if (preferred !== undefined) all.splice(place, 0, { value: preferred, level: 'lm' });
  }
  const [first, ...shadows] = all;
  return { name, value: first?.value, level: first?.level ?? 'none', shadows };
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
  if (typeof value !== 'object' || value === null) return String(value);
  const facts = value as { model?: unknown; name?: unknown };
  const kind = value.constructor.name;
  if (typeof facts.model === 'string') return `${kind} ${facts.model}`;
  return typeof facts.name === 'string' ? facts.name : kind;
}
