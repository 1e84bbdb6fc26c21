/** Puts a text into an ANSI colour, or leaves it. */
export type Paint = (colour: 'red' | 'green' | 'blue', text: string) => string;

const CODES = { red: 31, green: 32, blue: 34 } as const;

/** Colours, or none. */
export function painter(coloured: boolean): Paint {
  return (colour, text) => (coloured ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text);
}
