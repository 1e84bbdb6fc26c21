import { ValueParseError } from '../../errors/value-errors';
import { validate } from '../coercion/validate';
import type { CustomBehaviour, CustomTypeSpec, ModelType } from '../type-spec';
import { CustomType, type CustomTypeClass } from './custom-type';

const specs = new WeakMap<object, CustomTypeSpec>();

/**
 * The type of a class of custom values, made once. `shape` reads the decorated properties, when the class has any;
 * `more` is what only DSPy's own types have.
 */
export function customSpec(
  type: CustomTypeClass,
  shape?: () => ModelType | undefined,
  more: Partial<CustomBehaviour> = {},
): CustomTypeSpec {
  const known = specs.get(type);
  if (known !== undefined) return known;
  const behaviour: CustomBehaviour = Object.freeze({
    name: type.name,
    description: type.description(),
    get shape() {
      return shape?.();
    },
    schema: type.jsonSchema(),
    parse: (given: unknown) => parseAs(type, given, shape?.()),
    ...more,
  });
  const spec: CustomTypeSpec = Object.freeze({ kind: 'custom', behaviour });
  specs.set(type, spec);
  return spec;
}

function parseAs(type: CustomTypeClass, given: unknown, shape: ModelType | undefined): CustomType {
  if (given instanceof CustomType && (given.constructor as unknown) === type) return given;
  if (type.parse !== undefined) return type.parse(given);
  if (shape === undefined) {
    throw new ValueParseError(
      `${type.name} cannot be read from an answer: give it a static parse(), or decorated properties`,
    );
  }
  return validate(given, shape) as CustomType;
}
