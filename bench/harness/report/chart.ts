import type { RowResult } from '../run/row-run';
import type { Judged } from '../verdict';
import { digits } from './words';

const LINE = 20;
const LABELS = 330;
const PLOT = 520;
const VALUES = 90;
const WIDTH = LABELS + PLOT + VALUES;
const TOP = 56;

/** Readable on white and on black: an image follows the reader's scheme by itself. */
const STYLE = `
.chart { background: #fff; font: 12px system-ui, sans-serif } text { fill: #222 } .row { font-weight: 600 } .quiet { fill: #666; font-size: 11px }
.grid { stroke: #ddd } .one { stroke: #888 } .met { stroke: #18794e; fill: #18794e } .not-met { stroke: #c62a2f; fill: #c62a2f }
.open { stroke: #ad5700; fill: #ad5700 } .reported { stroke: #555; fill: #555 } .gate { stroke: #222 } .aim { stroke: #222; stroke-dasharray: 2 2 }
@media (prefers-color-scheme: dark) {
.chart { background: #111 } text { fill: #ddd } .quiet { fill: #999 } .grid { stroke: #333 } .one { stroke: #777 } .met { stroke: #4cc38a; fill: #4cc38a }
.not-met { stroke: #ff6369; fill: #ff6369 } .open { stroke: #f1a10d; fill: #f1a10d } .reported { stroke: #aaa; fill: #aaa } .gate, .aim { stroke: #ddd }
}`;

interface Bar {
  readonly row: string;
  readonly judged: Judged;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly gate?: number;
}

/** The ratios of all rows on one logarithmic axis: a dot with its interval, a stroke at the gate, a dashed one at the aim. */
export function svgChart(results: readonly RowResult[]): string {
  const bars = results.flatMap(({ row, checks }) => checks.flatMap((judged) => barOf(row.id, judged)));
  const ends = bars.flatMap(({ low, high, gate = 1, judged }) => [low, high, gate, judged.check.aim ?? gate, 1]);
  const first = Math.floor(Math.log10(Math.min(0.5, ...ends)));
  const last = Math.ceil(Math.log10(Math.max(2, ...ends)));
  const x = (ratio: number) => LABELS + ((Math.log10(ratio) - first) / (last - first)) * PLOT;
  const height = TOP + bars.length * LINE + 16;
  const decades = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  const grid = decades.map(
    (ratio) =>
      `<line class="${ratio === 1 ? 'one' : 'grid'}" x1="${at(x(ratio))}" x2="${at(x(ratio))}" y1="${TOP - 8}" y2="${height - 8}"/>` +
      `<text class="quiet" text-anchor="middle" x="${at(x(ratio))}" y="${TOP - 14}">${digits(ratio)}</text>`,
  );
  const title = `<text class="quiet" x="8" y="18">Ratio of medians, 95 % interval. Stroke: gate. Dashed: aim. The small triangle points to where the gate is met.</text>`;
  const drawn = bars.map((bar, index) => draw(bar, bars[index - 1]?.row, TOP + index * LINE + LINE / 2, x));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">` +
    `<title>Ratios of the benchmarks</title><style>${STYLE}</style>\n${[title, ...grid, ...drawn].join('\n')}\n</svg>\n`
  );
}

/** The chart on a page of its own. */
export function htmlPage(svg: string, caption: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>dspex: benchmarks</title>
<style>:root { color-scheme: light dark } body { font: 14px system-ui, sans-serif; margin: 2rem }</style>
<h1>dspex: benchmarks</h1>
<p>${escaped(caption)}</p>
${svg}</html>
`;
}

/** A check on two contestants or two cases. What has a unit, and slopes, have no place on this axis. */
function barOf(row: string, judged: Judged): Bar[] {
  const { check, estimate } = judged;
  if (!('over' in check) || check.under === undefined || estimate === undefined) return [];
  const { value, low, high } = estimate;
  const gate = check.atLeast ?? check.atMost;
  return low > 0 ? [{ row, judged, value, low, high, ...(gate === undefined ? {} : { gate }) }] : [];
}

function draw(
  { row, judged, value, low, high, gate }: Bar,
  above: string | undefined,
  y: number,
  x: (ratio: number) => number,
) {
  const { check, verdict } = judged;
  const kind = verdict.replace(' ', '-');
  const stroke = (ratio: number, name: string) =>
    `<line class="${name}" stroke-width="2" x1="${at(x(ratio))}" x2="${at(x(ratio))}" y1="${y - 7}" y2="${y + 7}"/>`;
  const better = 'atLeast' in check && check.atLeast !== undefined ? 5 : -5;
  return [
    row === above ? '' : `<text class="row" x="8" y="${y + 4}">${escaped(row)}</text>`,
    `<text x="70" y="${y + 4}">${escaped(check.name.slice(0, 44))}</text>`,
    `<line class="${kind}" stroke-width="3" x1="${at(x(low))}" x2="${at(x(high))}" y1="${y}" y2="${y}"/>`,
    `<circle class="${kind}" r="4" cx="${at(x(value))}" cy="${y}"/>`,
    gate === undefined
      ? ''
      : `${stroke(gate, 'gate')}<path class="gate" d="M${at(x(gate))} ${y - 7}l${better} 3l${-better} 3z"/>`,
    check.aim === undefined ? '' : stroke(check.aim, 'aim'),
    `<text x="${LABELS + PLOT + 10}" y="${y + 4}">${digits(value)}</text>`,
  ].join('');
}

const at = (place: number) => place.toFixed(1);

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
