import type { Message } from '../../../core/primitives/message';
import { homeOf } from '../../../core/settings/home';
import { resolveAdapter, resolveSetting } from '../../../core/settings/resolve';
import type { FieldSpec, FieldValues } from '../../../core/signatures/field-spec';
import type { Module } from '../module';
import { namedPredictors } from '../walk';

/** Inputs to show, by the path of the predictor. */
export type PromptSamples = Readonly<Record<string, FieldValues>>;

/** The messages of each predictor, by its path, in the order of the program. */
export type Prompts = Readonly<Record<string, readonly Message[]>>;

/** What every predictor would send now, with samples for its inputs or their names in braces. */
export function promptsOf(program: Module, samples: PromptSamples): Prompts {
  const prompts = namedPredictors(program).map(([path, predictor]) => {
    const { spec, demos } = predictor;
    const home = homeOf(predictor);
    const { value: lm } = resolveSetting('lm', { pinned: predictor.lm, home });
    const adapter = resolveAdapter(lm, { pinned: predictor.adapter, home });
    const shown = spec.inputs.flatMap((field) => shownInput(field, samples[path] ?? {}));
    return [path, adapter.format(spec, demos, Object.fromEntries(shown))] as const;
  });
  return Object.fromEntries(prompts);
}

/** A history has no text of its own to stand for it; a placeholder there would be taken for a conversation. */
function shownInput({ name, type }: FieldSpec, sample: FieldValues): [string, unknown][] {
  if (sample[name] !== undefined) return [[name, sample[name]]];
  return type.kind === 'custom' && type.behaviour.native === 'history' ? [] : [[name, `{${name}}`]];
}
