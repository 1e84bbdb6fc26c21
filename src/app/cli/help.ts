import type { Command } from './command';

const OPTIONS = `Options:
  --json         write JSON, for programs
  -h, --help     this text
  -v, --version  the version of dspex
`;

/** What `dspex --help` says. */
export function generalHelp(commands: readonly Command[]): string {
  const lines = commands.map(({ name, takes, summary }) => `  ${[name, ...takes].join(' ').padEnd(20)}  ${summary}`);
  return [
    'Usage: dspex COMMAND ...\n',
    `Commands:\n${lines.join('\n')}\n`,
    OPTIONS,
    "'dspex COMMAND --help' says more. Exit codes: 0 done, 1 failed, 2 wrong usage.\n",
  ].join('\n');
}

/** What `dspex COMMAND --help` says. */
export function commandHelp({ name, takes, summary, details }: Command): string {
  return `Usage: dspex ${[name, ...takes].join(' ')} [--json]\n\nShows ${summary}.\n${details}\n\n${OPTIONS}`;
}
