export type { FieldDecorator } from './checked-field';
export { declareField } from './declare-field';
export type {
  EnumNotation,
  FieldOptions,
  LiteralNotation,
  NamedEnumNotation,
  NestedClass,
  ScalarNotation,
  TypeNotation,
  TypeOptions,
} from './field-options';
export { Input } from './input';
export { declareInstructions, Instructions } from './instructions';
export { Output } from './output';
export type { IsReadonly, ReadonlyKeys, WritableKeys } from './readonly-keys';
export { Signature, type SignatureClass } from './signature';
export type { SchemaOutput, StandardIssue, StandardResult, StandardSchema } from './standard-schema';
export type { ValueOf } from './value-of';
