import type { plainToInstance, TransformationType } from 'class-transformer';
import { defineFields } from '../../util/define-fields';
import type { ModelType } from '../type-spec';

/**
 * The door to class-transformer: `@Transform` on a field of a nested class is applied to what the model answered, after the
 * answer was converted to the field's type. Everything else is done by the type spec, so the package is asked only for
 * fields that carry its decorator.
 */

type Door = { readonly plainToInstance: typeof plainToInstance };
type Storage = {
  readonly defaultMetadataStorage: {
    findTransformMetadatas(target: unknown, property: string, type: TransformationType): readonly unknown[];
  };
};

const PLAIN_TO_CLASS = 0 as TransformationType;

/**
 * An instance of a nested class with these fields; a plain object when there is no class. Fields are defined, not assigned:
 * a setter of the class or a field called `__proto__` must not run because of a model's answer.
 */
export function makeInstance({ construct }: ModelType, fields: Readonly<Record<string, unknown>>): object {
  if (construct === undefined) return { ...fields };
  const made = defineFields(new construct(), fields, true);
  const names = Object.keys(fields).filter((name) => isTransformed(construct, name));
  if (names.length === 0) return made;
  const door = require('class-transformer') as Door;
  const transformed = door.plainToInstance(construct, fields) as Record<string, unknown>;
  return defineFields(made, Object.fromEntries(names.map((name) => [name, transformed[name]])), true);
}

function isTransformed(construct: new () => object, name: string): boolean {
  // Loaded when the first nested class is answered; whoever decorated one has it loaded already.
  const { defaultMetadataStorage } = require('class-transformer/cjs/storage') as Storage;
  return defaultMetadataStorage.findTransformMetadatas(construct, name, PLAIN_TO_CLASS).length > 0;
}
