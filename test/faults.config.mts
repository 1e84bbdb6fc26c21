import { defineConfig, mergeConfig } from 'vitest/config';
import { FaultMatrixReporter } from './reporter/fault-matrix.mjs';
import base from './vitest.config.mjs';

/** `npm run faults`: the tests of the fault matrix alone, told as its rows. `npm test` runs the same tests. */
const merged = mergeConfig(base, defineConfig({}));

export default defineConfig({
  ...merged,
  test: { ...merged.test, include: ['test/faults/**/*.test.ts'], reporters: [new FaultMatrixReporter()] },
});
