import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

interface Plugins {
  readonly whenUsed: (packages: ReadonlySet<string>) => { renderChunk(code: string): { code: string } };
  readonly ascii: () => {
    generateBundle(options: object, files: Record<string, { type: string; code: string }>): void;
  };
}

let plugins: Plugins;

beforeAll(async () => {
  const file = (name: string) => pathToFileURL(join(__dirname, '../../../.ci/build', name)).href;
  plugins = { ...(await import(file('when-used.mjs'))), ...(await import(file('ascii.mjs'))) };
});

/** Runs a chunk with packages made up here; says what it required, in order, and what it exported. */
function run(code: string): { required: string[]; exported: Record<string, () => unknown> } {
  const required: string[] = [];
  const exported: Record<string, () => unknown> = {};
  const require = (name: string) => {
    required.push(name);
    return { first: () => `${name} first`, second: () => `${name} second` };
  };
  new Function('require', 'exports', code)(require, exported);
  return { required, exported };
}

function late(code: string): string {
  return plugins.whenUsed(new Set(['node:zlib', 'slow'])).renderChunk(code).code;
}

describe('packages that load when they are first used', () => {
  const code = [
    'let slow = require("slow");',
    'let node_zlib = require("node:zlib");',
    'let other = require("other");',
    'exports.slow = () => slow.first() + slow.second();',
    'exports.zlib = () => (0, node_zlib.first)();',
    'exports.other = () => other.first();',
  ].join('\n');

  it('are not asked for before, and only others are', () => {
    const { required, exported } = run(late(code));
    expect(required).toEqual(['other']);
    expect(exported['slow']?.()).toBe('slow firstslow second');
    expect(exported['slow']?.()).toBe('slow firstslow second');
    expect(required).toEqual(['other', 'slow', 'slow']);
    expect(exported['zlib']?.()).toBe('node:zlib first');
  });

  it('are asked for at once where a name is used while the chunk loads', () => {
    expect(
      run(late('let slow = require("slow");\nconst made = slow.first();\nexports.made = () => made;')).required,
    ).toEqual(['slow']);
  });

  it('stay as they are where the whole module is taken', () => {
    const whole = 'let slow = require("slow");\nexports.all = () => slow;';
    expect(late(whole)).toBe(whole);
  });

  it('are adapted late too where their default is imported', () => {
    const adapted = [
      'const runtime = { __toESM: (module) => ({ default: module.first }) };',
      'let slow = require("slow");',
      'slow = runtime.__toESM(slow);',
      'exports.made = () => slow.default();',
    ].join('\n');
    const { required, exported } = run(late(adapted));
    expect(required).toEqual([]);
    expect(exported['made']?.()).toBe('slow first');
  });

  it('change no line, so that the source map holds', () => {
    expect(late(code).split('\n')).toHaveLength(code.split('\n').length);
  });
});

describe('a chunk of ASCII', () => {
  function written(code: string): string {
    const files = { 'a.js': { type: 'chunk', code } };
    plugins.ascii().generateBundle({}, files);
    return files['a.js'].code;
  }

  it('means what it meant before', () => {
    const code = 'return ["…", `é😀`, "a😀b".replace(/[😀]/u, "→")].join("")';
    const escaped = written(code);
    expect(escaped).toMatch(/^[\0-\x7f]*$/);
    expect(new Function(escaped)()).toBe(new Function(code)());
  });

  it.each(['String.raw`…`', '/\\…/.test("…")'])(
    'stays as it is where an escape would mean something else: %s',
    (code) => {
      expect(written(code)).toBe(code);
    },
  );
});
