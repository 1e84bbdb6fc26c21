import { PassThrough } from 'node:stream';
import { progressBar } from 'dspex/evaluate';
import { describe, expect, it } from 'vitest';

function show(isTTY: boolean, total: number): string {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 100, cursorTo: () => true, clearLine: () => true });
  const bar = progressBar('Evaluate', stream as unknown as NodeJS.WriteStream);
  const at = (done: number) => ({
    done,
    total,
    score: 50,
    failures: 1,
    unavailable: 0,
    elapsedMs: done,
    etaMs: total - done,
  });
  bar.start(at(0));
  for (let done = 1; done <= total; done++) bar.update(at(done));
  bar.stop(at(total));
  return String(stream.read() ?? '');
}

describe('the progress of an evaluation', () => {
  it('is a plain line for every tenth off a terminal', () => {
    const lines = show(false, 60).trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(/^Evaluate 6\/60, score 50, 1 failed, .* left$/);
    expect(lines[9]).toMatch(/^Evaluate 60\/60, score 50, 1 failed, .* in all$/);
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('is a bar with score and failures on a terminal', () => {
    const text = show(true, 3);
    expect(text).toContain('3/3, score 50, 1 failed');
  });
});
