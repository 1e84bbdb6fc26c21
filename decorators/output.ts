import type { FieldDecorator } from './checked-field';
import { recordField } from './declare-field';
import type { FieldOptions } from './field-options';

/**
 * Declares what a step gives: `@Output({ desc: 'one word' }) answer!: string`. An output is not readonly; the types of a
 * program's outputs are read from that. Takes the options of `@Input`; constraints of class-validator on the same
 * property are told to the LM and enforced. (DSPy: `OutputField`.)
 */
export function Output<const O extends FieldOptions = object>(options?: O): FieldDecorator<O, 'output'> {
  return (target, key) => recordField('output', options ?? {}, target, key);
}
