import { configure, context, Module, resetConfiguration, resolveSetting, stampHome } from 'dspex/program';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { currentFrame } from '../../../src/core/settings/frame';
import { type PlainSetting, settingIn } from '../../../src/core/settings/resolve';
import type { Settings } from '../../../src/core/settings/settings';

afterEach(resetConfiguration);

const KEYS = ['maxRepairs', 'cache', 'priority', 'deadlineMs', 'historyLimit', 'historyBytes'] as const;

/** Some of the settings, falsy values among them: what is given counts, even 0 and false. */
const someSettings = fc.record(
  {
    maxRepairs: fc.constantFrom(0, 2),
    cache: fc.boolean(),
    priority: fc.constantFrom(0, -1, 3),
    deadlineMs: fc.constantFrom(1, 1000),
    historyLimit: fc.constantFrom(0, 5),
    historyBytes: fc.constantFrom(0, 99),
  },
  { requiredKeys: [] },
);

class Looks extends Module {
  override async forward() {
    const frame = currentFrame();
    return KEYS.map((key: PlainSetting) => [settingIn(frame, key), resolveSetting(key).value]);
  }
}

test('what a call finds without telling the level is what `resolveSetting` finds, wherever settings are given', async () => {
  const everywhere = fc.record({
    configured: someSettings,
    home: someSettings,
    outer: someSettings,
    inner: someSettings,
    pinned: someSettings,
  });
  const levels = fc.asyncProperty(everywhere, async ({ configured, home, outer, inner, pinned }) => {
    resetConfiguration();
    configure(configured);
    const program = stampHome(new Looks(), { name: 'home', get: (key) => (home as Settings)[key] }).with(pinned);
    const found = await context(outer, () => context(inner, () => program.call()));
    const strongest: Settings[] = [pinned, inner, outer, home, configured];
    const defaults: Settings = { maxRepairs: 1, historyLimit: 10_000, historyBytes: 4 * 1024 * 1024 };
    const wanted = KEYS.map((key) => strongest.find((level) => level[key] !== undefined)?.[key] ?? defaults[key]);
    expect(found).toEqual(wanted.map((value) => [value, value]));
  });
  await fc.assert(levels, { numRuns: 200 });
});
