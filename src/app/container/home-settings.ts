import type { Settings } from '../../core/settings/settings';

/** Settings that have an abstract class of their own to be bound under. */
export type PortSetting = 'lm' | 'adapter' | 'retriever' | 'logger';

/**
 * The plain settings of the programs of one container, as a token: `container.bind(HomeSettings)
 * .toConstantValue(new HomeSettings({ maxRepairs: 0 }))`. LM, Adapter, Retriever and Logger are bound under themselves.
 */
export class HomeSettings {
  readonly values: Omit<Settings, PortSetting>;

  constructor(values: Omit<Settings, PortSetting>) {
    this.values = Object.freeze({ ...values });
  }
}
