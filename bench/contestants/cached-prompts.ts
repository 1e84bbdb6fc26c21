// What the rows on the cache ask for; DSPy's side of it is `_request` in dspy/caching.py.
import { answerOf, questionOf } from './task';

/** So many different prompts, made beforehand: making a prompt is no part of a cache. */
export const PROMPTS = 64;
export const OPTIONS = { temperature: 0, maxTokens: 1000 };

/** A prompt of about so many bytes that no other number has. */
function promptOf(bytes: number, number: number): string {
  const line = `This prompt is number ${number}, and it says so again and again.\n`;
  return flat(line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes));
}

/** The messages of a request that was never there before, made anew each time. */
export function newMessages(bytes: number, number: number) {
  return [
    { role: 'system', content: 'Answer in one sentence.' },
    { role: 'user', content: promptOf(bytes, number) },
  ] as const;
}

/** Demos of `ASKED`, so many that a prompt with them has about so many bytes. */
export function demosUpTo(bytes: number): readonly { readonly question: string; readonly answer: string }[] {
  const [system, each] = [1000, 260];
  const count = Math.max(0, Math.round((bytes - system) / each));
  return Array.from({ length: count }, (_, index) => ({ question: questionOf(index), answer: answerOf(index) }));
}

/** In one piece in memory, as text is that came from somewhere. */
export function flat(text: string): string {
  return Buffer.from(text).toString('utf8');
}
