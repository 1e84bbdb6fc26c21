import type { FieldSpec } from '../../../core/signatures/field-spec';
import type { SignatureSpec } from '../../../core/signatures/signature-spec';
import type { CustomBehaviour, TypeSpec } from '../../../core/signatures/type-spec';

/** The feature that takes the place of a type's text; only where the type stands alone, not inside a list or a choice. */
export function nativeOf(type: TypeSpec | undefined): CustomBehaviour['native'] {
  return type?.kind === 'custom' ? type.behaviour.native : undefined;
}

/** The first input that is a tool or a list of tools. */
export function toolInput(spec: SignatureSpec): FieldSpec | undefined {
  return spec.inputs.find(({ type }) => nativeOf(type.kind === 'list' ? type.item : type) === 'tool');
}

/** The first output that is tool calls. */
export function toolCallsOutput(spec: SignatureSpec): FieldSpec | undefined {
  return spec.outputs.find(({ type }) => nativeOf(type) === 'tool-calls');
}

/** The first input that is a conversation. */
export function historyInput(spec: SignatureSpec): FieldSpec | undefined {
  return spec.inputs.find(({ type }) => nativeOf(type) === 'history');
}

const derived = new WeakMap<SignatureSpec, Map<string, SignatureSpec>>();

/** The spec without a field; the same object every time, so that what was rendered for it can be kept. */
export function without(spec: SignatureSpec, name: string): SignatureSpec {
  const known = derived.get(spec) ?? new Map<string, SignatureSpec>();
  derived.set(spec, known);
  const left = known.get(name) ?? (spec.omit(name) as unknown as SignatureSpec);
  known.set(name, left);
  return left;
}
