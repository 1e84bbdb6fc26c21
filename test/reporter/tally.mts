import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** What a run came to. A file that cannot be collected, and an error outside any test, each count as one failure. */
interface Tally {
  passed: number;
  failed: number;
}

/**
 * Ends the output of a run with `N passed, N failed` alone on a line, for people and machines that read only the last line.
 * Nothing is ever counted as passed that did not run.
 */
export class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tally = tallyOf(modules, unhandled.length);
    process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`);
  }
}

function tallyOf(modules: readonly TestModule[], unhandled: number): Tally {
  const tally: Tally = { passed: 0, failed: unhandled };
  for (const module of modules) {
    const before = tally.failed;
    for (const test of module.children.allTests()) {
      const state = test.result().state;
      if (state === 'passed') tally.passed += 1;
      else if (state === 'failed') tally.failed += 1;
    }
    // A module (or a suite's hook) can fail without any failed test: a syntax error, a throwing beforeAll.
    if (tally.failed === before && !module.ok()) tally.failed += 1;
  }
  return tally;
}
