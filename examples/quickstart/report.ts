import { addUsage, NO_USAGE, type Usage } from 'dspex';
import type { Interval, PairedDifference } from 'dspex/evaluate';
import type { Score, SlugProgram } from './program';

export function heading(text: string): void {
  console.log(`\n${bold(text)}\n`);
}

/** `46.3 % [35.7, 57.1], 37 of 80`. */
export function scoreText({ score, interval, n }: Score): string {
  return `${score.toFixed(1)} % ${intervalText(interval, 1)}, ${Math.round((score * n) / 100)} of ${n}`;
}

/** `+43.8 points [32.1, 55.0]`, scores being 0 to 1. */
export function differenceText({ difference, interval }: PairedDifference): string {
  const sign = difference > 0 ? '+' : '';
  return `${sign}${(100 * difference).toFixed(1)} points ${intervalText(interval, 100)}`;
}

export function intervalText([low, high]: Interval, scale: number): string {
  return `[${(scale * low).toFixed(1)}, ${(scale * high).toFixed(1)}]`;
}

export function usageText(usage: Usage, ms: number): string {
  const total = usage.calls + usage.cachedCalls;
  const cache = usage.cachedCalls === 0 ? '' : `, ${usage.cachedCalls} of them from the cache on disk`;
  const reused = usage.inputTokens === 0 ? 0 : Math.round((100 * usage.cachedInputTokens) / usage.inputTokens);
  const tokens =
    usage.calls === 0 ? '' : `; ${usage.inputTokens} tokens read (${reused} % reused), ${usage.outputTokens} written`;
  return `${total} calls${cache}${tokens}; ${(ms / 1000).toFixed(1)} s`;
}

export function totalUsage(parts: readonly Usage[]): Usage {
  return parts.reduce(addUsage, NO_USAGE);
}

/** Rows whose answer changed from wrong to right first, then others that changed. */
export function showChanges(before: Score, after: Score, limit: number): void {
  const pairs = before.results.flatMap((row, index) => {
    const other = after.results[index];
    const was = row.prediction?.slug ?? '(no answer)';
    const is = other?.prediction?.slug ?? '(no answer)';
    return other === undefined || was === is
      ? []
      : [{ title: row.example.title, was, is, gain: other.score - row.score }];
  });
  for (const { title, was, is, gain } of pairs.sort((a, b) => b.gain - a.gain).slice(0, limit)) {
    console.log(`  ${title}`);
    console.log(`    before  ${shorten(was)}`);
    console.log(`    after   ${shorten(is)}${gain > 0 ? '   (right)' : ''}`);
  }
}

/** The last prompt of a program, without what it shares with an earlier one when `known` is given; returns the texts. */
export function showPrompt(program: SlugProgram, known: readonly string[] = []): string[] {
  const text = program.inspectHistory(1, { print: false, colour: false });
  const sections = text.split(/\n(?=System message:|User message:|Assistant message:|Response:)/).slice(1);
  for (const section of sections) {
    const [title = '', ...body] = section.trim().split('\n');
    const content = known.includes(section) && title.startsWith('System') ? '(the same)' : body.join('\n').trim();
    console.log(`  ${bold(title)}\n${indent(content)}\n`);
  }
  return sections;
}

export function bold(text: string): string {
  return process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text;
}

function shorten(text: string): string {
  const line = text.replaceAll('\n', ' ');
  return line.length > 90 ? `${line.slice(0, 87)}...` : line;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  | ${line}`)
    .join('\n');
}
