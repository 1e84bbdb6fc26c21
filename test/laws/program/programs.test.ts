import { Module, Predict } from 'dspex/program';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../../src/program/state/json-text';

class Any extends Module {
  override forward() {}
}

const predictor = fc
  .record({
    instructions: fc.oneof(fc.string(), fc.constant(' ')),
    demos: fc.array(fc.record({ question: fc.string(), answer: fc.string() }), { maxLength: 3 }),
  })
  .map(({ instructions, demos }) => {
    const predict = new Predict('question -> answer');
    predict.spec = predict.spec.withInstructions(instructions);
    predict.demos = demos;
    return predict;
  });

const name = fc.stringMatching(/^[a-z]_[a-z]{1,4}$/);

/** Programs of every shape the walk knows, some with a part in two places. */
const program = fc.letrec<{ module: Module; program: Module }>((tie) => ({
  module: fc.oneof({ maxDepth: 3, withCrossShrink: true }, predictor, tie('program')),
  program: fc
    .array(fc.tuple(name, fc.constantFrom('one', 'list', 'map', 'record', 'twice'), tie('module')), { maxLength: 4 })
    .map((parts) => {
      const made = new Any();
      for (const [key, shape, part] of parts) {
        const values = {
          one: part,
          list: [part, 3],
          map: new Map([['k', part]]),
          record: { k: part },
          twice: [part, part],
        };
        Reflect.set(made, key, values[shape as keyof typeof values]);
      }
      return made;
    }),
})).program;

test('a copy has the same names and the same state, and shares no module', () => {
  fc.assert(
    fc.property(program, (original) => {
      const copy = original.clone();
      const modules = (of: Module) => of.namedSubModules();
      expect(modules(copy).map(([path]) => path)).toEqual(modules(original).map(([path]) => path));
      expect(copy.dumpState()).toEqual(original.dumpState());
      const own = new Set(modules(original).map(([, module]) => module));
      expect(modules(copy).some(([, module]) => own.has(module))).toBe(false);
    }),
  );
});

test('changing every predictor of a copy leaves the original as it was', () => {
  fc.assert(
    fc.property(program, (original) => {
      const before = JSON.stringify(original.dumpState());
      const copy = original.clone();
      for (const predict of copy.predictors()) {
        predict.spec = predict.spec.withInstructions('changed');
        predict.demos = [{ question: 'changed' }];
      }
      expect(JSON.stringify(original.dumpState())).toBe(before);
    }),
  );
});

test('a state loads into a reset copy and gives the same state', () => {
  fc.assert(
    fc.property(program, (original) => {
      const state = JSON.parse(JSON.stringify(original.dumpState()));
      expect(original.resetCopy().loadState(state).dumpState()).toEqual(original.dumpState());
    }),
  );
});

test('every JSON value is read back as it was written, whatever its declared type', () => {
  const types = [undefined, { kind: 'float' }, { kind: 'list', item: { kind: 'float' } }] as const;
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(...types), (value, type) => {
      const plain = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(jsonText(plain, type, 'value'))).toEqual(plain);
    }),
  );
});
