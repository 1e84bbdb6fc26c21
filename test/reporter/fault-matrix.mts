import type { Reporter, SerializedError, TestModule } from 'vitest/node';
// A type, so that nothing of vitest's runtime comes with it.
import type {} from '../faults/matrix/fault-row.js';
import { type RowResult, renderMatrix, renderSettling } from '../faults/matrix/render.js';

/**
 * Prints the fault matrix after a run of its rows: every row, what happened, requests seen, pass or FAIL. A row that nothing tests is
 * MISSING and counts as a failure.
 */
export class FaultMatrixReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const results: RowResult[] = [];
    let passed = 0;
    let failed = unhandled.length;
    const problems: string[] = unhandled.map(({ message }) => `outside of any test: ${message}`);
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === 'skipped' || state === 'pending') continue;
        if (state === 'passed') passed += 1;
        else {
          failed += 1;
          problems.push(`${test.fullName}: ${errors?.[0]?.message ?? state}`);
        }
        const { faultRow } = test.meta();
        if (faultRow !== undefined) results.push({ ...faultRow, passed: state === 'passed' });
      }
      if (failed === before && !module.ok()) {
        failed += 1;
        problems.push(`${module.relativeModuleId}: ${module.errors()[0]?.message ?? 'could not be run'}`);
      }
    }
    const { lines, missing } = renderMatrix(results);
    const rows = new Set(results.map(({ row }) => row));
    const broken = new Set(results.filter((result) => !result.passed).map(({ row }) => row));
    process.stdout.write(
      [
        ...lines,
        ...(problems.length === 0 ? [] : ['', 'failures:', ...problems.map((problem) => `  ${problem}`)]),
        '',
        renderSettling(results),
        `${rows.size - broken.size} rows pass, ${broken.size} fail, ${missing.length} missing${missing.length === 0 ? '' : ` (${missing.join(', ')})`}`,
        `${passed} passed, ${failed + missing.length} failed`,
        '',
      ].join('\n'),
    );
    if (failed + missing.length > 0) process.exitCode = 1;
  }
}
