import { describe, expect, it } from 'vitest';
import { StopScanner } from '../../../src/lm/clients/local/stop-scanner';

function firstStop(stops: string[], pieces: string[]): number {
  const scanner = new StopScanner(stops);
  let text = '';
  for (const piece of pieces) {
    text += piece;
    const at = scanner.find(text, piece.length);
    if (at >= 0) return at;
  }
  return -1;
}

describe('stop strings', () => {
  it('are found where they begin', () => {
    expect(firstStop(['END'], ['some text END more'])).toBe(10);
  });

  it('are found when they arrive in pieces', () => {
    expect(firstStop(['[[ ## completed ## ]]'], ['ok [', '[ ## comp', 'leted #', '# ]]', 'more'])).toBe(3);
  });

  it('stop at the earliest of several', () => {
    expect(firstStop(['world', 'lo'], ['hello world'])).toBe(3);
  });

  it('may be none', () => {
    expect(firstStop([], ['anything'])).toBe(-1);
  });
});

describe('what is held back of a streamed answer', () => {
  it('is whatever may be the beginning of a stop string', () => {
    const scanner = new StopScanner(['END', '\n\n']);
    expect(['text', 'text E', 'text EN', 'text\n', 'E'].map((text) => scanner.begun(text))).toEqual([0, 1, 2, 1, 1]);
    expect(new StopScanner([]).begun('text')).toBe(0);
  });
});
