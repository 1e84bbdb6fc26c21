import { InvalidOptionError } from '../../core/errors/option-errors';
import { EmptyTrainsetError, StudentCompiledError } from '../../core/errors/teleprompt-errors';
import { Example } from '../../core/primitives/example';
import { checkOptions } from '../../core/util/check-options';
import type { Module } from '../../program/predict/module';
import type { InputRow, Program } from '../evaluate/program';
import { Run, type RunControl } from '../runs/run';

/** The inputs of a program's `forward`. */
export type StudentInputs<M extends Module> = Parameters<M['forward']> extends [infer I, ...unknown[]] ? I : unknown;

/** A program that gives at least what a metric reads. */
export type Student<P> = Module & Program<never, P>;

/** What a program is compiled with. `G` is what the metric reads of a row. */
export interface CompileData<M extends Module, G = object> {
  /** The rows to learn from, their inputs marked. */
  readonly trainset: readonly (G & InputRow<StudentInputs<M>>)[];
  /** The rows to choose by; default is the trainset. */
  readonly valset?: readonly (G & InputRow<StudentInputs<M>>)[];
  /** Makes the demonstrations; a program with the same predictors. Default: the student itself. */
  readonly teacher?: Module;
  /** Aborting it ends the run, which rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * An optimizer: takes a program and data, gives a better program of the same class. The constructor stores options,
 * `compile` works; the student is never touched; all randomness comes from `seed`; whatever the concurrency, the
 * program is the same. `G` is what its metric reads of a row and `P` of a prediction. (DSPy: `Teleprompter`.)
 */
export abstract class Teleprompter<G = object, P = unknown> {
  /** Starts compiling and returns at once; watch `events`, ask `status()`, call `cancel()`, await `result`. */
  start<M extends Student<P>>(student: M, data: CompileData<M, G>): Run<M> {
    return new Run(
      this.constructor.name,
      (control) => this.optimize(student, checkData(this, data), control),
      data.signal,
    );
  }

  /** The compiled program: a copy of the student, of the same class. */
  compile<M extends Student<P>>(student: M, data: CompileData<M, G>): Promise<M> {
    return this.start(student, data).result;
  }

  /** The work itself; called in the frame of the run. */
  protected abstract optimize<M extends Student<P>>(student: M, data: CompileData<M, G>, run: RunControl): Promise<M>;
}

function checkData<D extends object>(owner: object, data: D): D {
  const name = owner.constructor.name;
  if (typeof data !== 'object' || data === null) {
    throw new InvalidOptionError(`${name}.compile`, 'data', data, '{ trainset, valset?, teacher?, signal? }');
  }
  checkOptions(`${name}.compile`, data, ['trainset', 'valset', 'teacher', 'signal']);
  const { trainset, valset } = data as { readonly trainset?: unknown; readonly valset?: unknown };
  if (!Array.isArray(trainset)) {
    throw new InvalidOptionError(`${name}.compile`, 'trainset', trainset, 'an array of examples');
  }
  if (valset !== undefined && !Array.isArray(valset)) {
    throw new InvalidOptionError(`${name}.compile`, 'valset', valset, 'an array of examples');
  }
  return data;
}

/** Throws `StudentCompiledError`, `EmptyTrainsetError`, or `ExampleInputsError` for a row without marked inputs. */
export function checkStudentAndRows(optimizer: string, student: Module, rows: readonly object[]): void {
  if (student.compiled) throw new StudentCompiledError(optimizer, student.constructor.name);
  if (rows.length === 0) throw new EmptyTrainsetError(optimizer);
  for (const row of rows) Example.inputs(row);
}
