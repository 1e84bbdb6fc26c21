import { ContainerModule, type ContainerModuleLoadOptions } from 'inversify';
import { InvalidOptionError } from '../../core/errors/option-errors';
import { Adapter } from '../../core/ports/adapter';
import { Cache } from '../../core/ports/cache';
import { Embedder } from '../../core/ports/embedder';
import { LM } from '../../core/ports/lm';
import { Logger, SilentLogger } from '../../core/ports/logger';
import { Retriever } from '../../core/ports/retriever';
import { checkSettings, SETTING_NAMES, type Settings } from '../../core/settings/settings';
import { checkOptions } from '../../core/util/check-options';
import { ChatAdapter } from '../../lm/adapters/chat-adapter';
import { MemoryCache } from '../../lm/cache/memory-cache';
import { bindDefault } from './defaults';
import { HomeSettings } from './home-settings';

/** Settings for the programs of this container, and what composed LMs share. */
export interface DspexOptions extends Omit<Settings, 'cache'> {
  /** The LM itself; names are what `whenNamed` gives. */
  readonly lm?: LM;
  /** The store that composed LMs of this container share; default a `MemoryCache`. */
  readonly cache?: Cache;
}

/** What `dspex()` returns: a module to load, and a way to wait for what it closes. */
export class DspexModule extends ContainerModule {
  private readonly closing = new Set<Promise<void>>();

  constructor(options: DspexOptions) {
    const { cache, ...settings } = options;
    const values = checkSettings('dspex', settings);
    super((load) => {
      // A function each: Inversify loses count of one that is registered for two tokens.
      load.onDeactivation<LM>(LM, (lm) => this.close(lm));
      load.onDeactivation<Embedder>(Embedder, (embedder) => this.close(embedder));
      load.onDeactivation<Retriever>(Retriever, (retriever) => this.close(retriever));
      load.onDeactivation<Cache>(Cache, (stored) => this.close(stored));
      bindGiven(load, values, cache);
      bindDefault(load, Adapter, () => new ChatAdapter());
      bindDefault(load, Cache, () => new MemoryCache());
      bindDefault(load, Logger, () => new SilentLogger());
    });
  }

  /**
   * Resolves when everything that was unbound has closed: LMs drain what is in flight first. Inversify cannot wait for
   * it in `unbindAll()` and `rebind()`, so it is waited for here. Rejects with the first failure to close.
   */
  async closed(): Promise<void> {
    await Promise.all(this.closing);
  }

  /** A retriever that keeps nothing open need not have a `close`. */
  private close(closable: object & { close?(): unknown }): void {
    const done = (async () => void (await closable.close?.()))();
    this.closing.add(done);
    // A failure stays, for whoever calls `closed()`; nobody has to.
    done.then(
      () => this.closing.delete(done),
      () => undefined,
    );
  }
}

/**
 * The container module of dspex, for any Inversify container: `container.load(dspex(), programs(RAG))`. Binds what the
 * options give, and as defaults an Adapter, a Cache and a Logger, which step back when the application binds its own.
 * LMs, embedders, retrievers and caches are closed when their bindings go; with `unbind(LM)` and `rebind(LM)` Inversify forgets that, so who
 * binds another LM then says `.onDeactivation((lm) => lm.close())` too.
 *
 * Throws `UnknownOptionError` and `InvalidOptionError`.
 */
export function dspex(options: DspexOptions = {}): DspexModule {
  checkOptions('dspex', options, [...SETTING_NAMES, 'cache']);
  const { lm, cache } = options;
  if (lm !== undefined && !(lm instanceof LM)) throw new InvalidOptionError('dspex', 'lm', lm, 'an LM');
  if (cache !== undefined && !(cache instanceof Cache))
    throw new InvalidOptionError('dspex', 'cache', cache, 'a Cache');
  return new DspexModule(options);
}

function bindGiven({ bind }: ContainerModuleLoadOptions, values: Settings, cache: Cache | undefined): void {
  const { lm, adapter, retriever, logger, ...plain } = values;
  if (lm instanceof LM) bind(LM).toConstantValue(lm);
  if (adapter !== undefined) bind(Adapter).toConstantValue(adapter);
  if (retriever !== undefined) bind(Retriever).toConstantValue(retriever);
  if (logger !== undefined) bind(Logger).toConstantValue(logger);
  if (cache !== undefined) bind(Cache).toConstantValue(cache);
  if (Object.keys(plain).length > 0) bind(HomeSettings).toConstantValue(new HomeSettings(plain));
}
