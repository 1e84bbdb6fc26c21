import { describe, expect, test } from 'vitest';
import { htmlPage, svgChart } from '../../../bench/harness/report/chart';
import { markdownReport } from '../../../bench/harness/report/markdown';
import { jsonReport } from '../../../bench/harness/report/run-report';
import { terminalReport } from '../../../bench/harness/report/terminal';
import { digits, estimate, unitOf } from '../../../bench/harness/report/words';
import type { RatioCheck, Row } from '../../../bench/harness/row';
import type { RowResult } from '../../../bench/harness/run/row-run';
import { medianOf } from '../../../bench/harness/statistics';
import { judge } from '../../../bench/harness/verdict';

const DSPEX = { case: '0 demos', contestant: 'dspex', figure: 'us' } as const;
const DSPY = { case: '0 demos', contestant: 'dspy', figure: 'us' } as const;
const AX = { case: '0 demos', contestant: 'ax', figure: 'us' } as const;
const checks: RatioCheck[] = [
  { name: 'DSPy over dspex', over: DSPY, under: DSPEX, atLeast: 8, aim: 12 },
  { name: 'a | b <c>', over: DSPEX, under: DSPY, atMost: 0.05 },
  { name: 'Ax over dspex', over: AX, under: DSPEX, atLeast: 4, aim: 8 },
];
const row: Row = {
  id: 'P1',
  title: 'Predict without demos',
  note: 'No network.',
  cases: [{ name: '0 demos', workload: 'predict', contestants: ['dspex', 'dspy', 'ax'] }],
  checks,
};
const rounds = { dspex: [50, 51, 49, 50, 52, 50, 48], dspy: [600, 610, 590, 600, 601, 604, 611] };
const result: RowResult = {
  row,
  rounds: 7,
  measurements: [
    { ...DSPEX, rounds: rounds.dspex, median: medianOf(rounds.dspex) },
    { ...DSPY, rounds: rounds.dspy, median: medianOf(rounds.dspy) },
  ],
  checks: checks.map((check) =>
    judge(
      check,
      ({ contestant }) =>
        contestant === 'dspex' ? rounds.dspex : contestant === 'dspy' ? rounds.dspy : 'ax: not there',
      Number,
    ),
  ),
  missing: [{ contestant: 'ax', why: 'not there', failed: false }],
  seconds: 12.3,
  mock: { cpuUs: 125, perSecond: 8000 },
};
const report = {
  machine: {
    cpu: 'A chip',
    cores: 2,
    memoryGb: 8,
    system: 'linux 6 x64',
    node: '20.20.2',
    date: '2026-01-31 12:00 UTC',
    load: 0.25,
  },
  command: 'npm run bench',
  seconds: 600,
  contestants: { dspex: 'dspex 0.1.0', dspy: 'DSPy 3.4.1, Python 3.12', ax: 'not available: not there' },
  results: [result],
  left: [],
};

describe('a figure', () => {
  test.each([
    [0, '0'],
    [0.000123, '0.000123'],
    [1.5, '1.5'],
    [12.345, '12.3'],
    [123.4, '123'],
    [1234567, '1,234,567'],
    [-2.5, '-2.5'],
    [Number.NaN, 'NaN'],
  ])('of %f is written %s', (value, text) => expect(digits(value)).toBe(text));

  test.each([
    ['cpuUs', 'us of CPU'],
    ['perSecond', 'a second'],
    ['p99Ms', 'ms, p99'],
    ['rssMb', 'MB, rss'],
    ['requests', 'requests'],
  ])('named %s is counted in %s', (figure, unit) => expect(unitOf(figure)).toBe(unit));

  test('has its interval, unless it has no width', () => {
    expect(estimate({ value: 2, low: 1.5, high: 2.5 })).toBe('2 (1.5 to 2.5)');
    expect(estimate({ value: 60, low: 60, high: 60 })).toBe('60');
  });
});

describe('the terminal', () => {
  test('has the figures, the checks, what is missing, and the bound of the mock', () => {
    const text = terminalReport(result);
    expect(text).toMatch(/0 demos {2}dspex +50 \(49 to 51\) +us/u);
    expect(text).toMatch(/DSPy over dspex +12 \([\d.]+ to [\d.]+\) +>= 8 +met +12 (open|reached)/u);
    expect(text).toMatch(/a \| b <c> +0\.0832 .*<= 0\.05 +not met/u);
    expect(text).toMatch(/Ax over dspex +- +>= 4 +not measured: ax: not there +8/u);
    expect(text).toContain('at most 8,000 requests a second');
    expect(text).toContain('No network.');
  });
});

describe('the page of results', () => {
  const page = markdownReport(report, 'results.svg');

  test('says where, when and how, and counts the verdicts', () => {
    for (const part of [
      'A chip, 2 cores, 8 GB',
      'npm run bench',
      '2026-01-31 12:00 UTC',
      'DSPy 3.4.1, Python 3.12',
      '| 0.25 |',
    ])
      expect(page).toContain(part);
    expect(page).toContain('1 met, 1 not met, 0 open');
    expect(page).toContain('1 not measured');
    expect(page).toContain('](results.svg)');
  });

  test('says what was measured twice', () => {
    const again = { ...report, results: [{ ...result, retried: ['a | b <c>'] }] };
    expect(markdownReport(again, 'results.svg')).toContain('Measured once more, with twice the rounds: a | b <c>.');
    expect(page).not.toContain('once more');
  });

  test('says which rows a run that was broken off did not measure', () => {
    expect(markdownReport({ ...report, left: ['E7', 'M1'] }, 'results.svg')).toContain('broken off: E7, M1 were not');
    expect(markdownReport(report, 'results.svg')).not.toContain('broken off');
  });

  test('is made of tables whose lines have as many cells as their heads', () => {
    const tables = page.split('\n\n').filter((part) => part.startsWith('|'));
    expect(tables).toHaveLength(3);
    for (const table of tables) {
      const widths = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
  });
});

describe('the chart', () => {
  const svg = svgChart([result]);

  test('draws what was measured as a ratio, with its gate and its aim, and escapes names', () => {
    expect(svg.match(/<circle/gu)).toHaveLength(2);
    expect(svg.match(/<circle class="met"/gu)).toHaveLength(1);
    expect(svg.match(/<circle class="not-met"/gu)).toHaveLength(1);
    expect(svg.match(/<line class="gate"/gu)).toHaveLength(2);
    expect(svg.match(/<line class="aim"/gu)).toHaveLength(1);
    expect(svg).toContain('a | b &lt;c&gt;');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/u);
  });

  test('puts larger ratios further right', () => {
    const places = [...svg.matchAll(/<circle [^>]*cx="([\d.]+)"/gu)].map(([, x]) => Number(x));
    expect(places[0]).toBeGreaterThan(places[1] as number);
  });

  test('stands by itself', () => {
    const page = htmlPage(svg, 'npm run bench, <today>');
    expect(page).toContain('&lt;today&gt;');
    expect(page).not.toMatch(/<script|src=|href=|@import|url\(/u);
  });

  test('of nothing is still a chart', () => {
    expect(svgChart([])).not.toMatch(/NaN|Infinity|undefined/u);
  });
});

test('JSON has every round', () => {
  expect(JSON.parse(jsonReport(report)).results[0].measurements[0].rounds).toEqual(rounds.dspex);
});
