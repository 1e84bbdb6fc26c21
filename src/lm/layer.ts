import { InvalidOptionError } from '../core/errors/option-errors';
import type { Adapter } from '../core/ports/adapter';
import { type CallScope, LM, type LMCapabilities, type LMStats } from '../core/ports/lm';
import type { LMOptions, LMRequest } from '../core/primitives/lm-request';
import type { LMResponse } from '../core/primitives/lm-response';
import type { Message } from '../core/primitives/message';
import type { Price } from '../core/primitives/price';

/** An LM around another LM: it is the inner one in everything but what a subclass changes. */
export abstract class LMLayer extends LM {
  constructor(
    /** The LM that this layer asks. */
    readonly inner: LM,
  ) {
    super();
    if (!(inner instanceof LM)) throw new InvalidOptionError(this.layerName, 'LM', inner, 'an LM');
  }

  /** What `describeStack` calls it; default the name of the class: `SingleFlightLM` is `single-flight`. */
  get layerName(): string {
    const { name } = this.constructor;
    return (
      name
        .replace(/(?:LM|Layer)$/u, '')
        .replaceAll(/(?<=[a-z])(?=[A-Z])/gu, '-')
        .toLowerCase() || name
    );
  }

  get model(): string {
    return this.inner.model;
  }

  get endpoint(): string {
    return this.inner.endpoint;
  }

  get defaults(): LMOptions {
    return this.inner.defaults;
  }

  get capabilities(): LMCapabilities {
    return this.inner.capabilities;
  }

  override get preferredAdapter(): Adapter | undefined {
    return this.inner.preferredAdapter;
  }

  override get price(): Price | undefined {
    return this.inner.price;
  }

  override createRequest(messages: readonly Message[], options?: LMOptions, rolloutId?: number | string): LMRequest {
    return this.inner.createRequest(messages, options, rolloutId);
  }

  generate(request: LMRequest, scope?: CallScope): Promise<LMResponse> {
    return this.inner.generate(request, scope);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  stats(): LMStats {
    return this.inner.stats();
  }
}
