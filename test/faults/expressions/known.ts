/**
 * Expressions that take more than linear time on some text, each with the reason why no such text can reach it. Everything else in the
 * library must be found safe.
 */
export const KNOWN: Readonly<Record<string, string>> = {
  '(\\w+) (\\d+)': 'reads prompts that the law itself has written',
  '([0-9a-f]{64})\\.json$': 'reads names of files in a folder, of 255 bytes at most',
  '\\/+$': 'reads a base URL, which the program gives; a saved program brings none',
  '\\?.*$': 'reads a base URL, which the program gives; a saved program brings none',
  'claude-\\w+-4-5(?!\\d)': 'reads the name of a model, which the program gives',
  '^\\(\\s*(.*?)\\s*\\)$': 'the text is bounded before, by MAX_CHARACTERS',
  '^[+-]?\\s*0[\\d_]*[1-9][\\d_]*$': 'the text is bounded before, by MAX_DIGITS',
  '(?:\\s|#[^\\n]*)*': 'nothing follows it, so it cannot fail and never goes back',
  '0+$': 'reads digits that were written here, twenty at most',
  '(\\d+)(?:[.,](\\d+))?([A-Z])': 'reads texts that PARTS has let through: each number is followed by a letter',
};
