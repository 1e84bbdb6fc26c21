import type { Command } from './command';

/** Every command, in the order of help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'show',
    takes: ['PROGRAM.json'],
    summary: 'what a saved program holds: predictors, fields, instructions, demos',
    details: 'The file is what save() wrote, in TypeScript or in Python. Nothing is run and no model is asked.',
    run: async (given) => (await import('./show/show.js')).show(given),
  },
];
