import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContestantName } from '../row';
import { ROOT, writeScripts } from './built';
import type { Launch } from './child';
import { pythonWithDspy } from './python';

/** How to start a contestant, and what it is: `Ax 24.0.21`. */
export interface Known extends Launch {
  readonly version: string;
}

/** Knows how contestants are started; each is looked for once. A sentence instead says why one cannot be had. */
export class Launches {
  readonly #known = new Map<ContestantName, Promise<Known | string>>();
  #scripts: string | undefined;

  constructor(private readonly say: (line: string) => void) {}

  /** How this one is started. */
  of(name: ContestantName): Promise<Known | string> {
    let known = this.#known.get(name);
    if (known === undefined) {
      known = name === 'dspy' ? this.#python() : Promise.resolve(this.#node(name));
      this.#known.set(name, known);
    }
    return known;
  }

  /** Who was asked for so far: its versions, or why it cannot be had. */
  async versions(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [name, known] of this.#known) {
      const answer = await known;
      found[name] = typeof answer === 'string' ? `not available: ${answer}` : answer.version;
    }
    return found;
  }

  /** A script of the harness in a process of its own. */
  script(path: string, args: readonly string[] = []): Launch {
    this.#scripts ??= writeScripts();
    return {
      command: process.execPath,
      args: ['--expose-gc', join(this.#scripts, path), ...args],
      env: cleanEnv(),
      cwd: ROOT,
    };
  }

  #node(name: Exclude<ContestantName, 'dspy'>): Known | string {
    if (!existsSync(join(ROOT, 'bench/contestants', name, 'main.ts'))) return 'it is not written yet';
    const versions = PACKAGES[name].map((found) => `${found} ${versionOf(found)}`);
    return { ...this.script(`contestants/${name}/main.js`), version: versions.join(', ') };
  }

  async #python(): Promise<Known | string> {
    const main = join(ROOT, 'bench/contestants/dspy/main.py');
    if (!existsSync(main)) return 'it is not written yet';
    const python = await pythonWithDspy(this.say);
    if (typeof python === 'string') return python;
    const { command, env, version } = python;
    return { command, args: ['-u', main], env: { ...cleanEnv(), ...env }, cwd: ROOT, version };
  }
}

/** Packages that make a contestant what it is. */
const PACKAGES = {
  dspex: ['dspex'],
  ax: ['@ax-llm/ax'],
  'ai-sdk': ['ai', '@ai-sdk/openai-compatible'],
  limit: ['undici', 'cockatiel', 'lmdb', 'eventsource-parser'],
} as const;

function versionOf(name: string): string {
  const folder = name === 'dspex' ? ROOT : join(ROOT, 'node_modules', name);
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

/** What is measured is what users install, on the loopback: no `source` condition, no proxy, no settings of this shell. */
function cleanEnv(): Record<string, string> {
  const foreign = /^(DSPEX_.*|OPENAI_.*|.*_proxy|npm_.*|TS_NODE_.*|NODE_ENV|NODE_OPTIONS)$/iu;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept as [string, string][]), NODE_ENV: 'production' };
}
