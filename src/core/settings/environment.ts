import { UnknownModelError } from '../errors/settings-errors';
import type { LM } from '../ports/lm';
import type { LMOptions } from '../primitives/lm-request';

/** Makes an LM from a name such as `openai/gpt-5-mini`, with these defaults. */
export type LMFactory = (name: string, defaults?: LMOptions) => LM;

let factory: LMFactory | undefined;
let made: { readonly name: string; readonly lm: LM } | undefined;

/**
 * Says how a name becomes an LM, for `DSPEX_LM` and for the LMs of saved programs. The package's entry does it, so that
 * settings need not know any client.
 */
export function setEnvironmentLM(make: LMFactory): void {
  factory = make;
  made = undefined;
}

/** The LM of that name. Throws `UnknownModelError` when nothing makes LMs from names here. */
export function lmFromName(name: string, defaults?: LMOptions): LM {
  if (factory === undefined) throw new UnknownModelError(name);
  return nameLM(factory(name, defaults), name);
}

const names = new WeakMap<LM, string>();

/** Remembers the name that an LM can be made from again, which is what saved programs keep of it. */
export function nameLM<L extends LM>(lm: L, name: string): L {
  names.set(lm, name);
  return lm;
}

/** The name an LM can be made from again; `undefined` for one that was put together by hand. */
export function nameOfLM(lm: LM): string | undefined {
  return names.get(lm);
}

/** The LM that `DSPEX_LM` names, made once for each value; `undefined` when the variable is not set. */
export function environmentLM(): LM | undefined {
  const name = process.env['DSPEX_LM'];
  if (name === undefined || name === '') return undefined;
  if (made?.name !== name) made = { name, lm: lmFromName(name) };
  return made.lm;
}
