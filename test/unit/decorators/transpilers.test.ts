import vm from 'node:vm';
import { Input, Output, Signature, type SignatureClass } from 'dspex/decorators';
import { MissingFieldTypeError, specOf } from 'dspex/program';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/** The class that a source evaluates to, after a transpiler with these settings. */
function compiled(source: string, compilerOptions: ts.CompilerOptions): SignatureClass {
  const { outputText } = ts.transpileModule(`${source}\nreturn QA;`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, useDefineForClassFields: false, ...compilerOptions },
  });
  const make = vm.runInThisContext(`(function (Input, Output, Signature) { ${outputText} })`);
  return make(Input, Output, Signature);
}

const LEGACY = { experimentalDecorators: true };
const WITH_METADATA = { ...LEGACY, emitDecoratorMetadata: true };
const STANDARD = {};

const SAID = `
  class Base extends Signature { @Input({ type: String }) readonly question!: string }
  class QA extends Base {
    @Input({ items: String }) readonly passages!: string[];
    @Output({ type: Number, desc: 'a number' }) answer!: number;
  }`;
const REFLECTED = `
  class QA extends Signature { @Input() readonly question!: string; @Output() answer!: number }`;

describe('decorators', () => {
  test.each([
    ['with emitted metadata', WITH_METADATA],
    ['without metadata, as esbuild and tsx leave it', LEGACY],
    ['as standard decorators', STANDARD],
    ['as standard decorators on fields that are defined', { useDefineForClassFields: true }],
  ])('read explicit types %s', (_case, options) => {
    const spec = specOf(compiled(SAID, options));
    expect(spec.signature).toBe('question, passages -> answer');
    expect(spec.fields.map((field) => field.type.kind)).toEqual(['str', 'list', 'float']);
    expect(spec.field('answer')?.desc).toBe('a number');
  });

  test('read the types of the declaration when metadata was emitted', () => {
    const spec = specOf(compiled(REFLECTED, WITH_METADATA));
    expect(spec.fields.map((field) => field.type.kind)).toEqual(['str', 'float']);
  });

  test.each([
    ['without metadata, as esbuild and tsx leave it', LEGACY],
    ['as standard decorators', STANDARD],
  ])('that leave the type to the compiler are refused %s, when the class is used and not before', (_case, options) => {
    const QA = compiled(REFLECTED, options);
    expect(() => specOf(QA)).toThrow(MissingFieldTypeError);
    expect(() => specOf(QA)).toThrow(
      'QA.question: its type is not known at run time: no design:type metadata was emitted. ' +
        'Say it in the decorator, for example @Input({ type: String })',
    );
  });

  test('of a parent stay with the parent under standard decorators', () => {
    const QA = compiled(SAID, STANDARD);
    expect(specOf(Object.getPrototypeOf(QA)).signature).toBe('question -> ');
  });
});
