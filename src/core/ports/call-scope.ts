import type { AbortSource } from '../util/cancellation';
import type { CallScope } from './lm';

/** Read from own scopes only when somebody asks: then a signal of the platform is made. Own and enumerable, so that a spread takes it along. */
const SIGNAL_ON_DEMAND: PropertyDescriptor & ThisType<OwnScope> = {
  enumerable: true,
  configurable: true,
  get() {
    return this.platformSignal();
  },
};

/** A scope whose signal is not made before it is read. */
class OwnScope implements CallScope {
  declare readonly signal?: AbortSignal;
  declare readonly deadlineMs?: number;
  declare readonly onDelta?: NonNullable<CallScope['onDelta']>;
  declare readonly cache?: boolean;
  declare readonly priority?: number;
  readonly #source: AbortSource;
  readonly #rest: Omit<CallScope, 'signal'>;

  constructor(source: AbortSource, rest: Omit<CallScope, 'signal'>) {
    this.#source = source;
    this.#rest = rest;
    Object.defineProperty(this, 'signal', SIGNAL_ON_DEMAND);
    Object.assign(this, rest);
  }

  static sourceOf(scope: CallScope): AbortSource | undefined {
    return #source in scope ? scope.#source : scope.signal;
  }

  static restOf(scope: CallScope): Omit<CallScope, 'signal'> {
    if (#rest in scope) return scope.#rest;
    const { signal: _, ...rest } = scope;
    return rest;
  }

  platformSignal(): AbortSignal {
    return this.#source instanceof AbortSignal ? this.#source : this.#source.signal;
  }
}

/**
 * A scope for a call of an LM that is called off by `source`. To an LM it is a scope like any other; our own layers take the
 * source itself (`abortSourceOf`), so that no signal of the platform is made where nobody needs one.
 */
export function callScope(source: AbortSource | undefined, rest: Omit<CallScope, 'signal'>): CallScope {
  return source === undefined ? rest : new OwnScope(source, rest);
}

/** What calls off a call with this scope: what `callScope` was given, else the signal. */
export function abortSourceOf(scope: CallScope): AbortSource | undefined {
  return OwnScope.sourceOf(scope);
}

/** The scope with some of it replaced, called off by `source`; whatever else is in it goes along. Unlike a spread it makes no signal. */
export function scopeWith(
  scope: CallScope,
  change: Omit<CallScope, 'signal'>,
  source: AbortSource | undefined = abortSourceOf(scope),
): CallScope {
  return callScope(source, { ...OwnScope.restOf(scope), ...change });
}
