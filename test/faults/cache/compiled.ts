import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../../..');

/** A script as JavaScript, so that hundreds of child processes need no compiler each. */
export interface CompiledScript {
  readonly path: string;
  close(): void;
}

/** Compiles a script of this folder and all that it imports by relative paths; below `node_modules`, so that packages are found. */
export function compiled(script: string): CompiledScript {
  mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'node_modules/.cache/dspex-fault-'));
  const done = new Set<string>();
  const compile = (path: string): string => {
    const out = join(folder, relative(ROOT, path).replace(/\.ts$/u, '.js'));
    if (done.has(path)) return out;
    done.add(path);
    const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        experimentalDecorators: true,
        esModuleInterop: true,
      },
    });
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, outputText);
    for (const [, specifier = ''] of outputText.matchAll(/require\("(\.[^"]*)"\)/gu)) {
      compile(`${resolve(dirname(path), specifier)}.ts`);
    }
    return out;
  };
  const path = compile(join(__dirname, script));
  return { path, close: () => rmSync(folder, { recursive: true, force: true }) };
}
