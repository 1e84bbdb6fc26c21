import type { DynamicValueBuilder, ResolutionContext } from 'inversify';
import { Cache } from '../../core/ports/cache';
import type { LM } from '../../core/ports/lm';
import { type ComposeOptions, composeLM } from '../../lm/clients/compose';

/**
 * The layers of composed LMs other than the cache, as a token: `container.bind(StackOptions)
 * .toConstantValue(new StackOptions({ resilience: { ... } }))`. The cache is bound under `Cache`.
 */
export class StackOptions {
  readonly values: ComposeOptions;

  constructor(values: ComposeOptions) {
    this.values = Object.freeze({ ...values });
  }
}

/**
 * An LM put together by the container, each layer replaceable in it:
 * `container.bind(LM).toDynamicValue(composedLM(() => new OpenAICompatible({ ... }))).inSingletonScope()`.
 * Its cache is the bound `Cache`, unless `StackOptions` names another or none; its other layers are those of the bound
 * `StackOptions`, or the defaults of `composeLM`.
 */
export function composedLM(client: (context: ResolutionContext) => LM): DynamicValueBuilder<LM> {
  return (context) => {
    const cache = context.get(Cache, { optional: true });
    const stack = context.get(StackOptions, { optional: true })?.values;
    return composeLM(client(context), { ...(cache === undefined ? {} : { cache }), ...stack });
  };
}
