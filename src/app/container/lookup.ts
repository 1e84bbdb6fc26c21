import type { AbstractNewable, GetAllOptions, ResolutionContext } from 'inversify';
import { ContainerLookupError } from '../../core/errors/container-errors';
import { DspexError } from '../../core/errors/dspex-error';

/** No binding is named so, so a request under this name is answered by bindings without a name alone. */
const NAME_OF_NOTHING = Symbol('dspex.no-such-name');

/**
 * What the container of `context`, or else one of its parents, has for an abstract class, or `undefined`. With a name
 * only bindings of that name answer: Inversify itself also offers those without a name, so that a
 * misspelled 'teecher' would quietly be the default LM.
 */
export function lookup<T extends object>(
  context: ResolutionContext,
  token: AbstractNewable<T>,
  named: string | undefined,
): T | undefined {
  try {
    return named === undefined ? unnamed(context, token) : withName(context, token, named);
  } catch (cause) {
    if (cause instanceof DspexError) throw cause;
    const [problem = ''] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new ContainerLookupError(token.name, named, problem, cause);
  }
}

function unnamed<T extends object>(context: ResolutionContext, token: AbstractNewable<T>): T | undefined {
  // A container that binds only named ones hides its parents from `get`.
  return context.get(token, { optional: true }) ?? chain(context, token)[0];
}

function withName<T extends object>(
  context: ResolutionContext,
  token: AbstractNewable<T>,
  name: string,
): T | undefined {
  const nameless = chain(context, token, NAME_OF_NOTHING);
  return chain(context, token, name).find((found) => !nameless.includes(found));
}

/** Every match in the container and its parents, nearest first. */
export function chain<T extends object>(
  context: ResolutionContext,
  token: AbstractNewable<T>,
  name?: string | symbol,
): T[] {
  const options: GetAllOptions = { chained: true, ...(name === undefined ? {} : { name }) };
  return context.getAll(token, options);
}
