/**
 * `node --import dspex/register notebook.mts`: runs TypeScript modules with decorators and top-level await, which
 * `npx ts-node` cannot (a CommonJS entry has no top-level await). Plain JavaScript, because it runs before any compiler.
 * It registers ts-node twice: its ESM loader for `import`, its require hook for the CommonJS files those import.
 */
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What dspex's decorators need of the compiler; a project's own `TS_NODE_COMPILER_OPTIONS` come on top. */
const COMPILER_OPTIONS = { experimentalDecorators: true, emitDecoratorMetadata: true, useDefineForClassFields: false };

const REMEDY = 'Install both beside dspex: npm install --save-dev ts-node@10 typescript@6';

/** The project's copy of a package first, then one that dspex itself can see. */
function locate(name) {
  for (const from of [pathToFileURL(`${process.cwd()}/`), import.meta.url]) {
    try {
      const require = createRequire(from);
      return { from: from.toString(), path: require.resolve(name), load: () => require(name) };
    } catch {
      // Not there: the next place, and at the end the error below.
    }
  }
  throw new Error(`dspex/register needs the package '${name}', which is not installed. ${REMEDY}`);
}

const typescript = locate('typescript').load();
if (typeof typescript.createProgram !== 'function') {
  const version = String(typescript.version ?? 'unknown');
  throw new Error(`dspex/register cannot use TypeScript ${version}: it has no compiler API for ts-node. ${REMEDY}`);
}

process.env.TS_NODE_COMPILER_OPTIONS = JSON.stringify({
  ...COMPILER_OPTIONS,
  ...JSON.parse(process.env.TS_NODE_COMPILER_OPTIONS ?? '{}'),
});

const tsNode = locate('ts-node');
tsNode.load().register();
register('ts-node/esm', tsNode.from);
register('./register-hooks.mjs', import.meta.url);
