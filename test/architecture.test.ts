import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { importCycles } from './architecture/cycles';
import { ANY_FILES, LONG_FILES, OWNED, PACKAGE_DOORS, roomOf, TOP_LEVEL } from './architecture/floor-plan';
import { eachNode, filesBelow, place, ROOT, readSources, type SourceFile } from './architecture/source-file';

const library = readSources('src', 'decorators', 'modules');
const examples = readSources('examples', 'bench');
const tests = readSources('test');
const everything = [...library, ...examples, ...tests];
const engine = library.filter(({ path }) => path.startsWith('src/'));
const ROOF = 'src/index.ts';

/** Offenders of one law, as `file:line what is wrong`; the message of a failure is exactly this list. */
function offenders(
  files: readonly SourceFile[],
  law: (file: SourceFile, report: (at: string, what: string) => void) => void,
) {
  const found: string[] = [];
  for (const file of files) law(file, (at, what) => found.push(`${at} ${what}`));
  return found;
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(specifier.split('/')[0] as string);
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

describe('imports', () => {
  test('go down the wings of src/, and down the rooms of a wing', () => {
    const found = offenders(engine, (file, report) => {
      const from = roomOf(file.path);
      if (from === undefined) return report(file.path, 'stands in no room of the floor plan');
      for (const { specifier, target, typeOnly, line } of file.imports) {
        const to = target?.startsWith('src/') ? roomOf(target) : undefined;
        if (to === undefined) continue;
        const sameWing = from.wing === to.wing;
        const upward = sameWing ? to.roomRank > from.roomRank : to.wingRank > from.wingRank;
        if (upward && !(sameWing && typeOnly)) report(`${file.path}:${line}`, `imports upward: ${specifier}`);
      }
    });
    expect(found).toEqual([]);
  });

  test('make no circle at run time', () => {
    expect(importCycles(library)).toEqual([]);
  });

  test('between neighbours name files; an index.ts is a door for outsiders', () => {
    const found = offenders(library, (file, report) => {
      if (basename(file.path) === 'index.ts') return;
      for (const { specifier, target, line } of file.imports) {
        if (target !== undefined && basename(target) === 'index.ts')
          report(`${file.path}:${line}`, `imports a door: ${specifier}`);
      }
    });
    expect(found).toEqual([]);
  });

  test('of src/ never reach modules/, except from the roof', () => {
    const found = offenders(engine, (file, report) => {
      for (const { specifier, target, line } of file.imports) {
        const outside = target?.startsWith('modules/') || packageOf(specifier) === 'dspex';
        if (outside && file.path !== ROOF) report(`${file.path}:${line}`, `imports ${specifier}`);
      }
    });
    expect(found).toEqual([]);
  });

  test('of modules/ name public doors only, and never the roof, which stands on them', () => {
    const found = offenders(library, (file, report) => {
      if (!file.path.startsWith('modules/')) return;
      for (const { specifier, target, line } of file.imports) {
        const allowed = target?.startsWith('modules/') || specifier.startsWith('dspex/');
        if (!allowed) report(`${file.path}:${line}`, `imports ${specifier}`);
      }
    });
    expect(found).toEqual([]);
  });

  test('of decorators/ need reflect-metadata alone', () => {
    const found = offenders(library, (file, report) => {
      if (!file.path.startsWith('decorators/')) return;
      for (const { specifier, target, line } of file.imports) {
        const allowed = target?.startsWith('decorators/') || specifier === 'reflect-metadata';
        if (!allowed) report(`${file.path}:${line}`, `imports ${specifier}`);
      }
    });
    expect(found).toEqual([]);
  });

  test('of examples/ are what a user would write', () => {
    const found = offenders(examples, (file, report) => {
      for (const { specifier, target, line } of file.imports) {
        const own = target?.startsWith(`${file.path.split('/')[0]}/`);
        if (isRelative(specifier) && !own) report(`${file.path}:${line}`, `imports ${specifier}`);
      }
    });
    expect(found).toEqual([]);
  });

  test('bring each package in by its one door', () => {
    const found = offenders(library, (file, report) => {
      for (const { specifier, line } of file.imports) {
        if (isRelative(specifier) || isBuiltin(specifier) || packageOf(specifier) === 'dspex') continue;
        const doors = PACKAGE_DOORS[packageOf(specifier)];
        if (doors === undefined)
          report(`${file.path}:${line}`, `imports ${specifier}, which has no door in the floor plan`);
        else if (!doors.some((door) => file.path === door || (door.endsWith('/') && file.path.startsWith(door)))) {
          report(`${file.path}:${line}`, `imports ${specifier}; its door is ${doors.join(' or ')}`);
        }
      }
    });
    expect(found).toEqual([]);
  });

  test('of packages are declared in package.json, and every declared one is used', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const declared = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]);
    const used = library.flatMap(({ imports }) => imports.map(({ specifier }) => packageOf(specifier)));
    const foreign = used.filter((name) => !isRelative(name) && !isBuiltin(name) && name !== 'dspex');
    expect([...new Set(foreign)].sort()).toEqual([...declared].sort());
  });
});

describe('a source file', () => {
  test('has no default export', () => {
    const found = offenders(everything, (file, report) => {
      if (file.path.endsWith('.config.mts')) return;
      for (const node of file.tree.statements) {
        const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
        const isDefault =
          ts.isExportAssignment(node) || modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
        if (isDefault) report(place(file, node), 'exports a default');
      }
    });
    expect(found).toEqual([]);
  });

  test('declares no enum and no namespace', () => {
    // Tests may: a user's enum is a legal field type.
    const found = offenders([...library, ...examples], (file, report) =>
      eachNode(file, (node) => {
        if (ts.isEnumDeclaration(node)) report(place(file, node), 'declares an enum');
        const isNamespace = ts.isModuleDeclaration(node) && ts.isIdentifier(node.name) && node.name.text !== 'global';
        if (isNamespace) report(place(file, node), 'declares a namespace');
      }),
    );
    expect(found).toEqual([]);
  });

  test('leaves clocks, chance, foreign JSON, sockets and processes to their owners', () => {
    const found = offenders(library, (file, report) => {
      const check = (name: string, node: ts.Node): void => {
        const owners = OWNED[name];
        if (owners !== undefined && !owners.includes(file.path)) report(place(file, node), `uses ${name}`);
      };
      for (const { specifier, line } of file.imports) {
        const name = specifier.replace(/^node:/, '');
        const owners = OWNED[name];
        if (owners !== undefined && !owners.includes(file.path)) report(`${file.path}:${line}`, `imports ${name}`);
      }
      eachNode(file, (node) => {
        if (ts.isPropertyAccessExpression(node)) check(node.getText(file.tree), node);
        const called = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression : undefined;
        if (called !== undefined && ts.isIdentifier(called)) check(called.text, node);
      });
    });
    expect(found).toEqual([]);
  });

  test('says `any` only where a user writes the type', () => {
    const found = offenders(library, (file, report) =>
      eachNode(file, (node) => {
        if (node.kind === ts.SyntaxKind.AnyKeyword && ANY_FILES[file.path] === undefined)
          report(place(file, node), 'says any');
      }),
    );
    expect(found).toEqual([]);
  });

  test('says what each class and function it exports is for', () => {
    const found = offenders(library, (file, report) => {
      const documented = new Set<string>();
      const exported = new Map<string, ts.Node>();
      for (const node of file.tree.statements) {
        if (!ts.isClassDeclaration(node) && !ts.isFunctionDeclaration(node)) continue;
        const name = node.name?.text ?? '';
        if (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) exported.set(name, node);
        if (ts.getJSDocCommentsAndTags(node).length > 0) documented.add(name);
      }
      for (const [name, node] of exported)
        if (!documented.has(name)) report(place(file, node), `leaves ${name} unexplained`);
    });
    expect(found).toEqual([]);
  });

  test('has at most 400 lines; in the library at most 300 without a reason in the floor plan', () => {
    const found = offenders(everything, ({ path, lines }, report) => {
      const mayBeLong = path.startsWith('test/') || LONG_FILES[path] !== undefined;
      if (lines > 400 || (lines > 300 && !mayBeLong)) report(path, `has ${lines} lines`);
    });
    expect(found).toEqual([]);
  });

  test('is named in kebab-case for what it holds, never helpers or types', () => {
    const found = everything
      .map(({ path }) => path)
      .filter(
        (path) =>
          !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|test-d|config))?\.m?ts$/.test(basename(path)) ||
          /(^|\/)(helpers?|types?)(\.ts|\/)/.test(path.replace(/^test\/types\//, '')),
      );
    expect(found).toEqual([]);
  });
});

describe('the repository', () => {
  test('keeps at most 14 files in a folder', () => {
    const counts = new Map<string, number>();
    for (const path of ['src', 'decorators', 'modules', 'examples', 'bench', 'test', 'docs'].flatMap(filesBelow)) {
      counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    }
    const found = [...counts]
      .filter(([, count]) => count > 14)
      .map(([folder, count]) => `${folder} holds ${count} files`);
    expect(found).toEqual([]);
  });

  test('has nothing unexpected at its top', () => {
    const ignored = ['node_modules', 'dist', 'coverage'];
    const found = readdirSync(ROOT).filter(
      (name) => !name.startsWith('.') && !name.endsWith('.tgz') && !ignored.includes(name),
    );
    expect(found.filter((name) => !TOP_LEVEL.includes(name))).toEqual([]);
  });

  test('names no machine and no package registry', () => {
    // Written in pieces, so that this file does not name them either.
    const patterns = [
      ['/wo', 'rk/'],
      ['/tm', 'p/'],
      ['/ro', 'ot/'],
      ['/hom', 'e/'],
      ['registry.npm', 'js'],
      ['pypi', '.org'],
      ['pythonho', 'sted'],
    ];
    const words = patterns.map((pieces) => pieces.join(''));
    const committed = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
    const found = committed.flatMap((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return words.filter((word) => text.includes(word)).map((word) => `${path} names ${word}`);
    });
    expect(found).toEqual([]);
  });

  test('skips no test and singles none out', () => {
    const found = offenders(tests, (file, report) =>
      eachNode(file, (node) => {
        if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return;
        const runner = ['test', 'it', 'describe', 'suite'].includes(node.expression.text);
        if (runner && ['only', 'skip', 'todo', 'fails'].includes(node.name.text))
          report(place(file, node), node.getText(file.tree));
      }),
    );
    expect(found).toEqual([]);
  });

  test('opens every entry point with a source, its types and its build', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const known = new Set(library.map(({ path }) => path));
    const found = Object.entries<Record<string, string> | string>(manifest.exports).flatMap(([entry, conditions]) => {
      if (typeof conditions === 'string') return [];
      const source = conditions.source?.slice(2) ?? '';
      const built = `./dist/${source.replace(/\.ts$/, '')}`;
      const right = known.has(source) && conditions.types === `${built}.d.ts` && conditions.default === `${built}.js`;
      return right && Object.keys(conditions).join() === 'source,types,default'
        ? []
        : [`${entry}: ${JSON.stringify(conditions)}`];
    });
    expect(found).toEqual([]);
  });
});
