/**
 * Named imports from TypeScript that compiles to CommonJS. Node finds the names of a CommonJS module by reading its
 * source, and cannot read TypeScript; so such a module is given a small ES module in front that requires it
 * and lists its names. Runs in Node's loader thread, in front of ts-node's own hooks.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const COMPILED_BY_TS_NODE = /^file:.*\.c?tsx?$/;
/** ts-node keeps its compiler of this thread here. */
const TS_NODE_INSTANCE = Symbol.for('ts-node.register.instance');

const ASSIGNED = /\bexports\.([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=/gu;
const DEFINED = /Object\.defineProperty\(exports, "([^"]+)"/g;
const STARRED = /__exportStar\(require\("([^"]+)"\), exports\)/g;

/** The names that a TypeScript file exports, found in what TypeScript makes of it. */
function exportedNames(path, seen = new Set()) {
  if (seen.has(path)) return [];
  seen.add(path);
  const compiled = process[TS_NODE_INSTANCE].compile(readFileSync(path, 'utf8'), path);
  const names = [...compiled.matchAll(ASSIGNED), ...compiled.matchAll(DEFINED)].map((match) => match[1]);
  const require = createRequire(path);
  for (const [, specifier] of compiled.matchAll(STARRED)) {
    const target = require.resolve(specifier);
    names.push(...(/\.c?tsx?$/.test(target) ? exportedNames(target, seen) : Object.keys(require(target))));
  }
  return [...new Set(names)].filter((name) => name !== '__esModule' && name !== 'default');
}

/** An ES module that requires the file and hands on what it exports. */
function facade(path, names) {
  const lines = names.map((name, index) => `const $${index} = $module[${JSON.stringify(name)}];`);
  const exported = names.map((name, index) => `$${index} as ${name}`).join(', ');
  return [
    "import { createRequire } from 'node:module';",
    `const $module = createRequire(${JSON.stringify(path)})(${JSON.stringify(path)});`,
    ...lines,
    `export { ${exported} };`,
    'export default $module;',
  ].join('\n');
}

/** ts-node's errors lose their text on the way between threads; this one keeps it. */
function readable(error) {
  return error?.diagnosticText === undefined
    ? error
    : new Error(`Unable to compile TypeScript:\n${error.diagnosticText}`);
}

/** Node's `load` hook. */
export async function load(url, context, nextLoad) {
  try {
    const loaded = await nextLoad(url, context);
    if (loaded.format !== 'commonjs' || !COMPILED_BY_TS_NODE.test(url)) return loaded;
    const path = fileURLToPath(url);
    return { format: 'module', source: facade(path, exportedNames(path)), shortCircuit: true };
  } catch (error) {
    throw readable(error);
  }
}
