/** The groups of calls whose prompts and answers are recorded whole. */
const CALLS = ['predict', 'fallback', 'completions', 'chain-of-thought', 'dummy-lm'];

/** Groups outside the files of signatures, prompts, answers and saved programs that need no other file. */
const ALSO_PINNED: Readonly<Record<string, readonly string[]>> = {
  'random.jsonl': ['random-python'],
  'evaluate.jsonl': ['evaluate-rounding', 'evaluate-files'],
};

/** True for what must say the same as the reference: signatures, prompts, answers, saved programs and single calls. */
export function inScope(file: string, group: string): boolean {
  if (file === 'pipeline.jsonl') return CALLS.includes(group);
  return ['signatures.jsonl', 'format.jsonl', 'parse.jsonl', 'state.jsonl'].includes(file);
}

/** True for the groups that the repository keeps as pins. */
export function isPinned(file: string, group: string): boolean {
  return inScope(file, group) || (ALSO_PINNED[file]?.includes(group) ?? false);
}

/** The files that have pins. */
export const PINNED_FILES = [
  ...['signatures.jsonl', 'format.jsonl', 'parse.jsonl', 'state.jsonl', 'pipeline.jsonl'],
  ...Object.keys(ALSO_PINNED),
];
