// What every contestant is asked to do, so that all of them do the same; DSPy's side of it is dspy/task.py.
import { createHash } from 'node:crypto';

/** The signature of everything done in process. */
export const JUDGED = 'question -> answer, confidence: float';
/** The signature of everything done over HTTP. */
export const ASKED = 'question -> answer';

/** Each number gives another question, so no two calls of a run need be equal. */
export function questionOf(number: number): string {
  return `Explain in one sentence what you know about the number ${number}?`;
}

/** What is known about a number; the mock server says the same. */
export function answerOf(number: number): string {
  return `It is ${number}, and so it was before.`;
}

/** A demonstration of `JUDGED`. */
export type Demo = Readonly<Record<'question' | 'answer', string> & { confidence: number }>;

export function demosOf(count: number): readonly Demo[] {
  return Array.from({ length: count }, (_, index) => ({
    question: questionOf(index),
    answer: answerOf(index),
    confidence: 0.5,
  }));
}

/** What a model without latency says to `JUDGED`, in the format of DSPy's chat adapter. */
export const INSTANT_ANSWER =
  '[[ ## answer ## ]]\nAn even number.\n\n[[ ## confidence ## ]]\n0.75\n\n[[ ## completed ## ]]';

/** How an answer to `JUDGED` is written down. */
export type Format = 'chat' | 'json';

/** So many different answers of about this size, so that nothing is gained by knowing one of them. */
export function completionsOf(format: Format, bytes: number): readonly string[] {
  return Array.from({ length: 8 }, (_, index) => {
    const line = `Line of text number ${index}, as any other.\n`;
    const text = `${line.repeat(Math.ceil(bytes / line.length)).slice(0, Math.max(1, bytes - 74))}.`;
    if (format === 'json') return flat(JSON.stringify({ answer: text, confidence: 0.75 }));
    return flat(`[[ ## answer ## ]]\n${text}\n\n[[ ## confidence ## ]]\n0.75\n\n[[ ## completed ## ]]`);
  });
}

/** Values too long to compare are compared by what they hash to. */
export function digestOf(values: unknown): unknown {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

/** In one piece in memory, as text is that came off a socket. */
function flat(text: string): string {
  return Buffer.from(text).toString('utf8');
}

/** A number of a workload's parameters. */
export function numberOf(params: Readonly<Record<string, unknown>>, name: string, otherwise?: number): number {
  const value = params[name] ?? otherwise;
  if (typeof value !== 'number') throw new Error(`The workload needs a number as '${name}', not ${String(value)}.`);
  return value;
}

/** A text of a workload's parameters. */
export function textOf(params: Readonly<Record<string, unknown>>, name: string): string {
  const value = params[name];
  if (typeof value !== 'string') throw new Error(`The workload needs a text as '${name}', not ${String(value)}.`);
  return value;
}
