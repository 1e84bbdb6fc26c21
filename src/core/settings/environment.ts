import type { LM } from '../ports/lm';

/** Makes an LM from what `DSPEX_LM` says. */
export type EnvironmentLM = (name: string) => LM;

let factory: EnvironmentLM | undefined;
let made: { readonly name: string; readonly lm: LM } | undefined;

/** Says how `DSPEX_LM` becomes an LM; the package's entry does it, so that settings need not know any client. */
export function setEnvironmentLM(make: EnvironmentLM): void {
  factory = make;
  made = undefined;
}

/** The LM that `DSPEX_LM` names, made once for each value; `undefined` when the variable is not set. */
export function environmentLM(): LM | undefined {
  const name = process.env['DSPEX_LM'];
  if (name === undefined || name === '' || factory === undefined) return undefined;
  if (made?.name !== name) made = { name, lm: factory(name) };
  return made.lm;
}
