import type { AbstractNewable, ResolutionContext } from 'inversify';
import { Adapter } from '../../core/ports/adapter';
import { LM } from '../../core/ports/lm';
import { Logger } from '../../core/ports/logger';
import { Retriever } from '../../core/ports/retriever';
import type { SettingsSource } from '../../core/settings/home';
import type { SettingName } from '../../core/settings/settings';
import { isShippedDefault } from './defaults';
import { HomeSettings } from './home-settings';
import { chain, lookup } from './lookup';

const TOKENS: { readonly [K in SettingName]?: AbstractNewable<object> } = {
  lm: LM,
  adapter: Adapter,
  retriever: Retriever,
  logger: Logger,
};

/**
 * The home of a program that came out of a container: its settings, looked up at each call, so that a rebinding shows
 * at the next one. What is not bound falls through to `configure()` and the environment.
 *
 * One exception: a binding in request or transient scope would give every call an LM of its own, with its own sockets
 * and limits. What such a binding gave first is kept, so it belongs to this program, which is one request.
 */
export class ContainerSettings implements SettingsSource {
  readonly name = 'container';
  private readonly kept = new Map<string, object>();

  constructor(private readonly context: ResolutionContext) {}

  get(key: SettingName, named?: string): unknown {
    const token = TOKENS[key];
    if (token === undefined) return this.plain(key);
    const id = named === undefined ? key : `${key} ${named}`;
    return this.kept.get(id) ?? this.supplied(id, token, named);
  }

  private supplied(id: string, token: AbstractNewable<object>, named: string | undefined): object | undefined {
    const value = lookup(this.context, token, named);
    if (value === undefined || isShippedDefault(value)) return undefined;
    if (value !== lookup(this.context, token, named)) this.kept.set(id, value);
    return value;
  }

  /** The nearest container that says anything about a plain setting is heard. */
  private plain(key: SettingName): unknown {
    const nearest = chain(this.context, HomeSettings);
    return nearest.map(({ values }) => (values as Record<string, unknown>)[key]).find((value) => value !== undefined);
  }
}
