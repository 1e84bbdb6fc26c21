import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { TallyReporter } from './reporter/tally.mjs';

/** Tests import the package by its own name; the `source` condition makes that name mean the TypeScript source. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'module', 'import', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup/loopback-only.ts'],
    // On with --typecheck: tsc reads the whole project, and a type test that does not compile is a failed test.
    typecheck: { include: ['test/types/**/*.test-d.ts'], tsconfig: 'tsconfig.json' },
    reporters: ['default', new TallyReporter()],
    // No test measures time; this only ends one that hangs, on a machine however busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
