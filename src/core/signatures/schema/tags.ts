import type { LiteralValue, TypeSpec } from '../type-spec';

/** The values by which a discriminator tells a class: those of its literal or enum field of that name. */
export function tagsOf(type: TypeSpec, discriminator: string): readonly LiteralValue[] {
  const field = type.kind === 'model' ? type.fields.find(({ name }) => name === discriminator) : undefined;
  if (field?.type.kind === 'literal') return field.type.values;
  return field?.type.kind === 'enum' ? field.type.members.map((member) => member.value) : [];
}
