import { LM } from 'dspex';
import { OpenAICompatible } from 'dspex/clients';
import { composedLM } from 'dspex/container';
import { Container } from 'inversify';

/** Where the model of one tenant lives. */
export interface TenantModel {
  readonly model: string;
  readonly baseUrl: string;
}

/** One child container a tenant: everything else comes from the application, the LM is the tenant's own. */
export class Tenants {
  private readonly containers = new Map<string, Container>();

  constructor(application: Container, models: Readonly<Record<string, TenantModel>>) {
    for (const [name, model] of Object.entries(models)) {
      const tenant = new Container({ parent: application });
      // Its sockets, limits and circuit breaker are its own too; only the store of the cache is shared.
      tenant
        .bind(LM)
        .toDynamicValue(composedLM(() => new OpenAICompatible(model)))
        .inSingletonScope();
      this.containers.set(name, tenant);
    }
  }

  /** The container of a tenant, or `undefined` when there is no such tenant. */
  find(name: string): Container | undefined {
    return this.containers.get(name);
  }

  close(): void {
    for (const container of this.containers.values()) container.unbindAll();
  }
}
