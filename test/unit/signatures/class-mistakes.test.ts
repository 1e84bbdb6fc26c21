import { declareField, Signature } from 'dspex/decorators';
import {
  EmptySignatureError,
  FieldOptionConflictError,
  FieldRoleConflictError,
  MissingFieldTypeError,
  NotASignatureError,
  specOf,
  UnsupportedFieldTypeError,
} from 'dspex/program';
import { describe, expect, test } from 'vitest';
import { readClass } from '../../../src/core/signatures/classes/read-class';

describe('a declaration that cannot be read', () => {
  /** A class with one field declared as a compiler would, for declarations that our own types refuse. */
  function declared(options: object, ...designType: [] | [unknown]): () => unknown {
    class Asked extends Signature {}
    declareField(Asked, 'answer', 'output', options, ...designType);
    return () => readClass(Asked);
  }

  test('has no field', () => {
    class Empty extends Signature {}
    expect(() => specOf(Empty)).toThrow(EmptySignatureError);
    expect(() => specOf(Empty)).toThrow("Empty declares no field. Decorate its properties: '@Input() readonly");
  });

  test('declares a field twice', () => {
    class Twice extends Signature {}
    declareField(Twice, 'answer', 'input', { type: String });
    declareField(Twice, 'answer', 'output', { type: String });
    expect(() => specOf(Twice)).toThrow(FieldRoleConflictError);
    expect(() => specOf(Twice)).toThrow('Twice.answer is declared twice, as @Input() and as @Output()');
  });

  test.each([
    ['no metadata', declared({}), 'no design:type metadata was emitted', 'esbuild and tsx do not'],
    ['a class that was not defined yet', declared({}, undefined), 'was not defined yet', 'type: () => TheClass'],
    ['a union or an interface', declared({}, Object), 'are emitted as Object', '@Input({ type: String })'],
    ['a list without items', declared({}, Array), 'without its items', '@Input({ items: String })'],
  ])('leaves the type unknown: %s', (_case, read, cause, remedy) => {
    expect(read).toThrow(MissingFieldTypeError);
    expect(read).toThrow('Asked.answer: its type is not known at run time');
    expect(read).toThrow(cause);
    expect(read).toThrow(remedy);
  });

  test.each([
    ['Map', declared({}, Map)],
    ['WeakMap', declared({}, WeakMap)],
    ['Promise', declared({}, Promise)],
    ['URL', declared({ type: URL })],
    ['RegExp', declared({ items: RegExp })],
  ])('has a type that no prompt can show: %s', (name, read) => {
    expect(read).toThrow(UnsupportedFieldTypeError);
    expect(read).toThrow(`Asked.answer: values of the type ${name} `);
  });

  test.each([
    [{ type: String, oneOf: ['a'] }, "'type' and 'oneOf' exclude one another"],
    [{ type: Array }, "'Array' does not say its items"],
    [{ type: Object }, "'Object' says nothing"],
    [{ type: 'strng' }, "'strng' is not a type"],
    [{ type: [String] }, 'an array is not a type'],
    [{ items: {} }, '{  } is not a type'],
    [{ items: { itmes: String } }, '{ itmes } is not a type'],
    [{ type: null }, 'null is not a type'],
    [{ oneOf: [] }, "'oneOf' is empty"],
    [{ oneOf: [{}] }, 'strings, numbers and booleans only'],
    [{ oneOf: [Number.NaN] }, 'strings, numbers and booleans only'],
    [{ type: String, desc: 1 }, "'desc' is a text, not number"],
  ])('contradicts itself or says no type: %o', (options, problem) => {
    expect(declared(options)).toThrow(FieldOptionConflictError);
    expect(declared(options)).toThrow(problem);
  });

  test('nests without end', () => {
    const endless: () => unknown = () => ({ items: endless });
    expect(declared({ items: endless })).toThrow('its type is nested deeper than 32');
  });

  test('has an option that nothing reads', () => {
    expect(declared({ description: 'x' }, String)).toThrow(
      "Asked.answer has no option 'description'. Its options are: type, items, values, set,",
    );
  });

  test('names a class whose properties are not decorated', () => {
    class Bare {
      text = '';
    }
    expect(declared({ type: Bare })).toThrow(
      'Decorate the properties of Bare with @Input() or @Output(), so that they are known at run time.',
    );
  });

  class QA extends Signature {}
  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [3, 'number 3'],
    [{}, 'an object'],
    [Object.create(QA.prototype), 'an instance of QA (give the class itself)'],
  ])('is no signature at all: %o', (given, told) => {
    expect(() => specOf(given as never)).toThrow(NotASignatureError);
    expect(() => specOf(given as never)).toThrow(told);
  });
});
