import type { LMCompletion } from '../../core/primitives/lm-response';
import { pythonStrip } from '../../core/signatures/python/whitespace';
import { type HistoryEntry, historyOf } from './history';
import { messagesText, toolCallsText } from './show/messages-text';
import { type Paint, painter } from './show/paint';

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

/** The text of some entries, in the layout of DSPy: when the answer came, the messages, the first completion. */
export function showHistory(entries: readonly HistoryEntry[], options: InspectHistoryOptions): string {
  const { print = (text: string) => void process.stdout.write(text), colour = process.stdout.isTTY === true } = options;
  const paint = painter(colour);
  const blocks = entries.map(
    ({ at, request, response }) =>
      `\n\n\n\n${paint('blue', `[${at.toISOString()}]`)}\n\n` +
      messagesText(request.messages, paint) +
      responseText(response.completions, paint),
  );
  const text = `${blocks.join('')}\n\n\n\n`;
  if (print !== false) print(text);
  return text;
}

function responseText([first, ...others]: readonly LMCompletion[], paint: Paint): string {
  if (first === undefined) return '';
  const answered = first.text !== '' || first.toolCalls === undefined;
  const answer = answered ? `${paint('red', 'Response:')}\n\n${paint('green', pythonStrip(first.text))}\n\n` : '';
  const more = others.length === 0 ? '' : `${paint('red', ` \t (and ${others.length} other completions)`)}\n`;
  return `${answer}${toolCallsText(first.toolCalls, paint)}${more}`;
}
