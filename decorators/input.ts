import type { FieldDecorator } from './checked-field';
import { recordField } from './declare-field';
import type { FieldOptions } from './field-options';

/**
 * Declares what a step takes: `@Input() readonly question!: string`. An input is readonly; the types of a program's
 * inputs are read from that. Lists say `items`, dictionaries `values`, literals `oneOf`; other types that are erased at
 * run time say `type`. A mistake is a compile error that reads as a sentence. (DSPy: `InputField`.)
 */
export function Input<const O extends FieldOptions = object>(options?: O): FieldDecorator<O, 'input'> {
  return (target, key) => recordField('input', options ?? {}, target, key);
}
