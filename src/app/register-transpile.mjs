// One TypeScript file to JavaScript, file by file, with what decorators need at run time.
import { createRequire } from 'node:module';

/** The user's own typescript first, then the one beside dspex. */
function loadTypeScript() {
  for (const base of [`${process.cwd()}/package.json`, import.meta.url]) {
    try {
      return createRequire(base)('typescript');
    } catch (error) {
      if (error?.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error('dspex/register needs typescript. Install it: npm install --save-dev typescript@6');
}

/** The compiler, loaded once a thread. */
export const ts = loadTypeScript();
if (typeof ts.transpileModule !== 'function') {
  throw new Error(
    `dspex/register needs a typescript with a compiler API; ${ts.version} has none. Install typescript@6.`,
  );
}

/** JavaScript of `source`, with its source map inside. `form` is `commonjs` or `module`. */
export function transpile(source, fileName, form) {
  const options = {
    module: form === 'module' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    useDefineForClassFields: false,
    inlineSourceMap: true,
    inlineSources: true,
  };
  return ts.transpileModule(source, { fileName, compilerOptions: options }).outputText;
}
