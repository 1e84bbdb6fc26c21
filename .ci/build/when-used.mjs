/** `let node_zlib = require("node:zlib");` in a chunk, and the line that follows below for a default import. */
const REQUIRED = /^let ([\w$]+) = (require\("([^"]+)"\));$/gm;
const ADAPTED = /^([\w$]+) = ([\w$.]*__toESM)\(\1(, 1)?\);$/gm;

/** Makes the stand-in of a package: each of these names loads it at the first use, and is a plain property from then on. */
const STAND_IN = `
const $whenUsed = (load, names) => {
  const stand = {};
  for (const name of names) Object.defineProperty(stand, name, { configurable: true, get() {
    const value = load()[name];
    Object.defineProperty(stand, name, { value });
    return value;
  } });
  return stand;
};`;

/**
 * A rolldown plugin: packages and modules of Node that the library imports at the head of a file are loaded when a name of
 * theirs is first used, so that importing dspex costs none of those that a program never comes to. A name that is used while
 * a chunk is loading (a base class) loads its package there and then. A whole module (`import * as`) cannot wait.
 */
export function whenUsed(packages) {
  return { name: 'when-used', renderChunk: (code) => ({ code: late(code, packages), map: null }) };
}

/** The chunk with its requires put off. No line comes or goes, so the source map holds. */
function late(code, packages) {
  const adapted = new Map(
    [...code.matchAll(ADAPTED)].map(([line, name, adapt, mode = '']) => [name, { line, adapt, mode }]),
  );
  let [late, standIn] = [code, STAND_IN.replace(/\s+/g, ' ')];
  for (const [line, name, load, specifier] of code.matchAll(REQUIRED)) {
    if (!packages.has(specifier)) continue;
    const { line: second, adapt, mode } = adapted.get(name) ?? { line: '', adapt: '', mode: '' };
    const names = namesUsed(name, code.replace(line, '').replace(second, ''));
    if (names === undefined) continue;
    const put = `const ${name} = $whenUsed(() => ${adapt === '' ? load : `${adapt}(${load}${mode})`}, ${JSON.stringify(names)});`;
    late = late.replace(line, () => `${standIn}${put}`).replace(second, '');
    standIn = '';
  }
  return late;
}

/** What a chunk takes out of a module, or undefined where it takes it whole. */
function namesUsed(name, code) {
  const uses = code.matchAll(new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])(?:\\.([\\w$]+))?`, 'g'));
  const names = [...new Set([...uses].map(([, used]) => used))];
  return names.includes(undefined) ? undefined : names;
}
