import type { LMRequest } from '../../../core/primitives/lm-request';
import { type DiffLine, lineDiff } from '../../../core/util/line-diff';
import type { Redact } from '../redact';

/** Requests that are compared; of longer recordings the last ones. */
const MOST_COMPARED = 2000;
/** Lines of a difference that are shown, and characters of a line. */
const MOST_LINES = 60;
const LONGEST_LINE = 300;

/** The difference between a request and the most similar of the recorded ones, for a reader; `undefined` when there are none. */
export function differenceToNearest(
  request: LMRequest,
  recorded: readonly LMRequest[],
  redact: Redact,
): string | undefined {
  // Before anything is cut: of a secret cut in two no half would be known. The recorded ones have none.
  const asked = linesOf(request).map(redact);
  const wanted = new Set(asked);
  let nearest: readonly string[] | undefined;
  let best = -1;
  for (const other of recorded.slice(-MOST_COMPARED)) {
    const lines = linesOf(other);
    const distinct = new Set(lines);
    let shared = 0;
    for (const line of distinct) if (wanted.has(line)) shared += 1;
    const likeness = shared / (distinct.size + wanted.size - shared);
    if (likeness > best) [nearest, best] = [lines, likeness];
  }
  return nearest === undefined ? undefined : shown(lineDiff(nearest, asked));
}

/** A request as lines: where it goes, its options one by one, then the messages. */
function linesOf({ endpoint, model, messages, options, rolloutId }: LMRequest): readonly string[] {
  const lines = [`endpoint: ${endpoint}`, `model: ${model}`];
  if (rolloutId !== undefined) lines.push(`rolloutId: ${String(rolloutId)}`);
  for (const [name, value] of Object.entries(options ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value !== undefined) lines.push(`${name}: ${JSON.stringify(value)}`);
  }
  for (const { role, content, ...further } of messages) {
    lines.push(`[${role}]`);
    if (typeof content === 'string') lines.push(...content.split('\n'));
    else if (content !== null) lines.push(...content.map((part) => JSON.stringify(part)));
    if (Object.keys(further).length > 0) lines.push(JSON.stringify(further));
  }
  return lines;
}

/** The lines that differ, each with the line before it. */
function shown(lines: readonly DiffLine[]): string {
  const near = lines.filter(({ mark }, at) => mark !== ' ' || (lines[at + 1]?.mark ?? ' ') !== ' ');
  const cut = near.slice(0, MOST_LINES).map(({ mark, text }) => {
    return `${mark} ${text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}...` : text}`;
  });
  if (near.length > MOST_LINES) cut.push(`... and ${near.length - MOST_LINES} further lines`);
  return cut.join('\n');
}
