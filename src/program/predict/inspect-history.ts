import { type Message, textOf } from '../../core/primitives/message';
import { type HistoryEntry, historyOf } from './history';

/** Where the text goes; standard output unless told otherwise. */
export interface InspectHistoryOptions {
  /** Receives the text; `false` prints nothing. */
  readonly print?: ((text: string) => void) | false;
  /** ANSI colours; default: on a terminal only. */
  readonly colour?: boolean;
}

/** Prints the last `n` prompts and answers of the process, and returns the text (DSPy: `dspy.inspect_history`). */
export function inspectHistory(n = 1, options: InspectHistoryOptions = {}): string {
  return showHistory(historyOf(undefined, n), options);
}

/** The text of some entries: a heading for each role, then the answer. */
export function showHistory(entries: readonly HistoryEntry[], options: InspectHistoryOptions): string {
  const { print = (text: string) => void process.stdout.write(`${text}\n`), colour = process.stdout.isTTY === true } =
    options;
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const message = ({ role, content }: Message) =>
    `${paint(31, `${role.charAt(0).toUpperCase()}${role.slice(1)} message:`)}\n\n${textOf({ role, content })}\n`;
  const text = entries
    .map(({ at, request, response }) =>
      [
        `${paint(34, `[${at.toISOString()}] ${response.model}`)}\n`,
        ...request.messages.map(message),
        paint(31, 'Response:'),
        '',
        ...response.completions.map((completion, index) =>
          response.completions.length === 1
            ? paint(32, completion.text)
            : `${paint(31, `(${index + 1})`)} ${paint(32, completion.text)}`,
        ),
      ].join('\n'),
    )
    .join('\n\n\n');
  if (print !== false) print(text);
  return text;
}
