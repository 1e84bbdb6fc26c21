import type { Case, Row } from '../harness/row';

const names = (cases: readonly Case[]): readonly string[] => cases.map(({ name }) => name);

const demos: readonly Case[] = [0, 1, 4, 16, 64].map((count) => ({
  name: `${count} demos`,
  workload: 'predict',
  params: { demos: count },
  contestants: ['dspex'],
}));

const completions: readonly Case[] = ['chat', 'json'].flatMap((format) =>
  [100, 1000, 10_000, 100_000, 1_000_000].map((bytes) => ({
    name: `${format}, ${bytes} bytes`,
    workload: 'parse',
    params: { format, bytes },
    contestants: ['dspex'] as const,
  })),
);

const concurrent: readonly Case[] = [1, 10, 100, 1000, 10_000].map((inFlight) => ({
  name: `${inFlight} in flight`,
  workload: 'concurrent',
  params: { inFlight },
  contestants: ['dspex'],
}));

/**
 * How the work of dspex grows with what it is given: 0 is flat, 1 is in proportion. Growth with the number of items is part of E6, with
 * that of streamed rows part of E7.
 */
export const GROWTH: readonly Row[] = [
  {
    id: 'growth-demos',
    title: 'Growth: microseconds per call, 0 to 64 demos',
    note: 'Flat is 0: demos are formatted once. Zero counts as one.',
    cases: demos,
    checks: [
      {
        name: 'slope of microseconds per call',
        contestant: 'dspex',
        figure: 'us',
        parameter: 'demos',
        cases: names(demos),
        // 1.5 times at 64 demos.
        atMost: 0.1,
        steady: 0.2,
      },
    ],
  },
  {
    id: 'growth-completion',
    title: 'Growth: microseconds per answer, 100 B to 1 MB',
    note: 'In proportion is 1; below it because of what every answer costs whatever its size.',
    cases: completions,
    checks: ['chat', 'json'].map((format) => ({
      name: `${format}, slope of microseconds per answer`,
      contestant: 'dspex',
      figure: 'us',
      parameter: 'bytes',
      cases: names(completions.filter(({ params }) => params?.['format'] === format)),
      atMost: 1.05,
      steady: 1.2,
    })),
  },
  {
    id: 'growth-in-flight',
    title: 'Growth: processor time per call, 1 to 10,000 calls in flight',
    note: 'Flat is 0. In process, on a model that answers by a timer. A single call pays for its timer alone, so the slope begins at 10.',
    cases: concurrent,
    checks: [
      {
        name: 'slope of processor time per call',
        contestant: 'dspex',
        figure: 'cpuUs',
        parameter: 'inFlight',
        cases: names(concurrent.slice(1)),
        atMost: 0.1,
        steady: 0.2,
      },
    ],
  },
];
