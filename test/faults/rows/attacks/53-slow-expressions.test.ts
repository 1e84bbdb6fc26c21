import { join } from 'node:path';
import { AdapterParseError, Predict, signature } from 'dspex';
import { BAMLAdapter, ChatAdapter, JSONAdapter, XMLAdapter } from 'dspex/adapters';
import { hostileTexts } from 'dspex/testing';
import { check } from 'recheck';
import { expect, test } from 'vitest';
import { collectExpressions, type Expression, expressionsOf } from '../../expressions/collect';
import { KNOWN } from '../../expressions/known';
import { faultRow } from '../../matrix/fault-row';

const ROOT = join(__dirname, '..', '..', '..', '..');
const MEGABYTE = 1_000_000;
/** The promise is 50 ms on a machine of its own (`npm run bench -- R2` holds it); this one may be shared by many. */
const BOUND_MS = 500;
const ADAPTERS = [new ChatAdapter(), new JSONAdapter(), new XMLAdapter(), new BAMLAdapter()];
/** Readers of texts and of anything at all; the benchmark has more of them. */
const TYPES = ['datetime', 'Any'];

/** Milliseconds of the best of three tries; one that is quick enough needs no second. */
function bestMs(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let tried = 0; tried < 3 && best > BOUND_MS; tried += 1) {
    const startedAt = performance.now();
    work();
    best = Math.min(best, performance.now() - startedAt);
  }
  return best;
}

function answersOf(adapter: (typeof ADAPTERS)[number], text: string): readonly string[] {
  if (adapter.name === 'ChatAdapter') return [`[[ ## answer ## ]]\n${text}`];
  if (adapter.name === 'XMLAdapter') return [`<answer>${text}</answer>`];
  return [`{"answer": ${text}}`, `{"answer": "${text}"}`];
}

async function vulnerable(expressions: readonly Expression[]): Promise<readonly string[]> {
  const distinct = new Map(expressions.map((expression) => [`${expression.source}/${expression.flags}`, expression]));
  const found: string[] = [];
  for (const { source, flags, at } of distinct.values()) {
    const { status } = await check(source, flags, { timeout: 10_000 });
    if (status === 'vulnerable') found.push(`${at} /${source}/${flags}`);
  }
  return found;
}

test('a vulnerable expression is found wherever it is written', async () => {
  const text = 'const a = /(b|b)*c$/u;\nconst d = new RegExp("^(e+)+$", "i");\nconst f = /g/;';
  const expressions = expressionsOf(text, 'x.ts');
  expect(expressions).toEqual([
    { at: 'x.ts:1', source: '(b|b)*c$', flags: 'u' },
    { at: 'x.ts:2', source: '^(e+)+$', flags: 'i' },
    { at: 'x.ts:3', source: 'g', flags: '' },
  ]);
  expect(await vulnerable(expressions)).toEqual(['x.ts:1 /(b|b)*c$/u', 'x.ts:2 /^(e+)+$/i']);
});

for (const folders of [['src/core'], ['src/lm'], ['src/program', 'src/compile', 'src/app', 'decorators', 'modules']]) {
  faultRow(53, `every expression of ${folders.join(', ')} takes linear time`, async () => {
    const expressions = collectExpressions(ROOT, ...folders);
    const asked = expressions.filter(({ source }) => !(source in KNOWN));
    expect(asked.length).toBeGreaterThan(0);
    expect(await vulnerable(asked)).toEqual([]);
    return { happened: `${asked.length} expressions are safe, ${expressions.length - asked.length} have a reason` };
  });
}

test('every exception with a reason still exists', () => {
  const sources = new Set(collectExpressions(ROOT, 'src', 'decorators', 'modules').map(({ source }) => source));
  expect(Object.keys(KNOWN).filter((source) => !sources.has(source))).toEqual([]);
});

for (const adapter of ADAPTERS) {
  faultRow(53, `a megabyte of anything through ${adapter.name}`, async () => {
    let worst = 0;
    let slowest = '';
    let readings = 0;
    for (const { name, text } of hostileTexts(MEGABYTE)) {
      for (const answer of answersOf(adapter, text)) {
        for (const type of TYPES) {
          const spec = signature<string>(`question -> answer: ${type}`);
          const ms = bestMs(() => {
            try {
              adapter.parse(spec, answer);
            } catch (error) {
              if (!(error instanceof AdapterParseError)) throw error;
            }
          });
          readings += 1;
          if (ms > worst) [worst, slowest] = [ms, `${name}, ${type}`];
        }
      }
    }
    expect(worst, slowest).toBeLessThan(BOUND_MS);
    return { happened: `${readings} readings, the slowest ${worst.toFixed(0)} ms (${slowest})` };
  });
}

faultRow(53, 'signature strings of a megabyte', async () => {
  const texts = [
    ...hostileTexts(MEGABYTE).map(({ text }) => text),
    `question -> answer: ${'list['.repeat(MEGABYTE / 10)}`,
    `question -> answer: Literal[${"'a', ".repeat(MEGABYTE / 10)}'b']`,
    `question: str ${'#'.repeat(MEGABYTE)}`,
  ];
  let worst = 0;
  let refused = 0;
  for (const text of texts) {
    const ms = bestMs(() => {
      try {
        new Predict(`${text} -> answer` as 'q -> a');
      } catch (error) {
        refused += 1;
        expect((error as Error).name).toMatch(/Signature|Field|Type/u);
      }
    });
    worst = Math.max(worst, ms);
  }
  expect(refused).toBeGreaterThan(30);
  expect(worst).toBeLessThan(BOUND_MS);
  return { happened: `${texts.length} texts, ${refused} refused, the slowest ${worst.toFixed(0)} ms` };
});
