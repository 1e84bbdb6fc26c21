import { InvalidOptionError } from '../../core/errors/option-errors';
import { runInAbortScope } from '../../core/settings/abort-scope';
import type { FieldValues } from '../../core/signatures/field-spec';
import { writeFileAtomic } from '../../core/util/write-file-atomic';
import { rowsJson } from '../report/rows-json';
import { DEVSET_EXPECTED } from './data/devset';
import { checkEvaluateOptions, type EvaluateOptions } from './evaluate-options';
import type { EvaluationResult } from './evaluation-result';
import type { InputRow, Program } from './program';
import { scoreRows } from './score-rows';

/**
 * Scores programs on a devset: `await new Evaluate({ devset, metric }).call(program)`. Rows run concurrently, each in a
 * call tree of its own, and come back in the order of the devset whatever became of them. (DSPy: `dspy.Evaluate`.)
 *
 * A devset that is no array is read as rows are worked off, and its rows are not kept: a file of a million rows takes no more
 * memory than one of a thousand (`readJsonl`, `keepRows`).
 */
export class Evaluate<R extends InputRow, P = FieldValues> {
  private readonly options: EvaluateOptions<R, P>;

  constructor(options: EvaluateOptions<R, P>) {
    checkEvaluateOptions('Evaluate', options);
    this.options = Object.freeze({ ...options });
  }

  /**
   * Scores one program. Throws `EmptyDevsetError`, `ExampleInputsError` for a row without marked inputs,
   * `TooManyErrorsError`, `NothingScoredError` and, where a streamed devset fails, `DevsetReadError`, which carry the partial
   * result, and what is wrong with the settings.
   */
  async call(
    program: Program<R['$inputs'], P>,
    overrides: Partial<EvaluateOptions<R, P>> = {},
  ): Promise<EvaluationResult<R, P>> {
    checkEvaluateOptions('Evaluate.call', overrides);
    const options = { ...this.options, ...overrides };
    const { devset, metric, signal, saveAsCsv, saveAsJson } = options;
    if (devset === undefined) throw new InvalidOptionError('Evaluate', 'devset', devset, DEVSET_EXPECTED);
    if (typeof metric !== 'function') {
      throw new InvalidOptionError('Evaluate', 'metric', metric, 'a function (gold, predicted) => score');
    }
    const result = await runInAbortScope({ owner: 'Evaluate', signal }, () => scoreRows(program, options));
    if (!result.rowsKept) return result;
    if (saveAsCsv !== undefined) await writeFileAtomic(saveAsCsv, result.toCSV());
    if (saveAsJson !== undefined) await writeFileAtomic(saveAsJson, rowsJson(result.results, result.metricName));
    return result;
  }
}
