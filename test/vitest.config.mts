import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests import the package by its own name; the `source` condition makes that name mean the TypeScript source. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'module', 'import', 'default'] } },
  test: { include: ['test/**/*.test.ts'], testTimeout: 20_000 },
});
