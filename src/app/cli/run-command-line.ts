import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CommandUsageError } from '../../core/errors/cli/command-usage-error';
import { DspexError } from '../../core/errors/dspex-error';
import { parseJson } from '../../core/util/json';
import type { Command, CommandOutput } from './command';
import { COMMANDS } from './commands';
import { commandHelp, generalHelp } from './help';

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'v', default: false },
  json: { type: 'boolean', default: false },
} as const;

/**
 * Does what a line says (`['show', 'rag.json', '--json']`) and gives the exit code: 0 done, 1 failed, 2 a line that cannot be
 * followed. Errors are one sentence on `err`; an error that dspex does not know as its own is thrown.
 */
export async function runCommandLine(line: readonly string[], { out, err }: CommandOutput): Promise<0 | 1 | 2> {
  try {
    out(await answer(line));
    return 0;
  } catch (error) {
    if (!(error instanceof DspexError)) throw error;
    err(`dspex: ${error.message}\n`);
    return error instanceof CommandUsageError ? 2 : 1;
  }
}

async function answer(line: readonly string[]): Promise<string> {
  const { values, positionals } = parsed(line);
  if (values.version) return `${version()}\n`;
  const [name, ...words] = positionals;
  if (name === undefined) {
    if (values.help) return generalHelp(COMMANDS);
    throw new CommandUsageError('No command is given.', "See 'dspex --help'.");
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) throw new CommandUsageError(`There is no command '${name}'.`, "See 'dspex --help'.");
  if (values.help) return commandHelp(command);
  checkWords(command, words);
  return command.run({ words, json: values.json });
}

function parsed(line: readonly string[]) {
  try {
    return parseArgs({ args: [...line], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Its first sentence names the option; the rest is about writing words that start with a dash.
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new CommandUsageError(`${problem.replace(/\.$/, '')}.`, "See 'dspex --help'.");
  }
}

function checkWords({ name, takes }: Command, words: readonly string[]): void {
  const remedy = `Write 'dspex ${[name, ...takes].join(' ')}'.`;
  const missing = takes[words.length];
  if (missing !== undefined) throw new CommandUsageError(`'dspex ${name}' needs ${missing}.`, remedy);
  const surplus = words[takes.length];
  if (surplus !== undefined) throw new CommandUsageError(`'dspex ${name}' does not take '${surplus}'.`, remedy);
}

function version(): string {
  // From src/app/cli/ and from where it is built, dist/src/app/cli/ or dist/chunks/, the manifest is some folders up.
  for (let folder = __dirname; folder !== join(folder, '..'); folder = join(folder, '..')) {
    try {
      const manifest = parseJson(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (manifest.name === 'dspex') return manifest.version ?? '';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return 'unknown';
}
