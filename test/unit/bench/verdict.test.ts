import { describe, expect, test } from 'vitest';
import type { RatioCheck } from '../../../bench/harness/row';
import { type Judged, judge, type RoundsOf } from '../../../bench/harness/verdict';

const OVER = { case: 'a', contestant: 'dspy', figure: 'us' } as const;
const UNDER = { case: 'a', contestant: 'dspex', figure: 'us' } as const;

const judged = (
  bound: Partial<RatioCheck>,
  over: readonly number[] | string,
  under: readonly number[] | string = [1, 1],
): Judged =>
  judge({ name: 'c', over: OVER, under: UNDER, ...bound }, (asked) => (asked === OVER ? over : under), Number);

describe('a ratio', () => {
  const around10 = [9, 10, 11, 9.5, 10.5, 10, 10];

  test('is met where the whole interval is on the right side', () => {
    expect(judged({ atLeast: 8 }, around10).verdict).toBe('met');
    expect(judged({ atMost: 12 }, around10).verdict).toBe('met');
    expect(judged({ atLeast: 10 }, [10, 10]).verdict).toBe('met');
  });

  test('is not met only where the whole interval is past it', () => {
    expect(judged({ atLeast: 12 }, around10).verdict).toBe('not met');
    expect(judged({ atMost: 8 }, around10).verdict).toBe('not met');
    expect(judged({ atLeast: 2, atMost: 8 }, around10).verdict).toBe('not met');
  });

  test('is open where the gate lies within', () => {
    expect(judged({ atLeast: 10 }, around10).verdict).toBe('open');
    expect(judged({ atMost: 10 }, around10).verdict).toBe('open');
  });

  test('without a gate is reported', () => {
    expect(judged({}, around10)).toMatchObject({ verdict: 'reported', estimate: { value: 10 } });
  });

  test('is told beside its aim, which is on the side of the gate', () => {
    expect(judged({ atLeast: 8, aim: 12 }, around10)).toMatchObject({ verdict: 'met', aim: 'not met' });
    expect(judged({ atLeast: 5, aim: 8 }, around10)).toMatchObject({ verdict: 'met', aim: 'met' });
    expect(judged({ atMost: 20, aim: 8 }, around10)).toMatchObject({ verdict: 'met', aim: 'not met' });
    expect(judged({ atMost: 20, aim: 15 }, around10)).toMatchObject({ verdict: 'met', aim: 'met' });
  });

  test('of one quantity alone is its median', () => {
    const { estimate } = judge({ name: 'c', over: OVER, atMost: 5 }, () => [3, 3, 3], Number);
    expect(estimate).toEqual({ value: 3, low: 3, high: 3 });
  });

  test('is not measured, and so neither met nor failed, where a side is missing or says nothing', () => {
    expect(judged({ atLeast: 8 }, 'dspy: no Python')).toMatchObject({
      verdict: 'not measured',
      why: 'dspy: no Python',
    });
    expect(judged({ atLeast: 8 }, [1, 1], 'gone')).toMatchObject({ verdict: 'not measured', why: 'gone' });
    expect(judged({ atLeast: 8 }, [1, 1], [0, 0])).toMatchObject({ verdict: 'not measured' });
  });
});

describe('a slope', () => {
  const check = { name: 's', contestant: 'dspex', figure: 'us', parameter: 'items', cases: ['1k', '1M'] } as const;
  const sizes: Readonly<Record<string, number>> = { '1k': 1000, '1M': 1_000_000 };
  const linear: RoundsOf = (asked) => Array(7).fill((sizes[asked.case] ?? 0) * 2);

  test('is judged by its gate', () => {
    const found = (atMost: number) => judge({ ...check, atMost }, linear, (name) => sizes[name] ?? Number.NaN);
    expect(found(1.05)).toMatchObject({ verdict: 'met' });
    expect(found(1.05).estimate?.value).toBeCloseTo(1, 9);
    expect(found(0.5).verdict).toBe('not met');
  });

  test('is not measured where a case is missing, or has no such parameter', () => {
    const gone: RoundsOf = (asked) => (asked.case === '1M' ? 'it threw' : [1]);
    expect(judge({ ...check, atMost: 1 }, gone, (name) => sizes[name] ?? 0)).toMatchObject({ why: 'it threw' });
    expect(judge({ ...check, atMost: 1 }, linear, () => Number.NaN).verdict).toBe('not measured');
  });
});
