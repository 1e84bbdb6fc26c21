import { displayName } from '../../../core/signatures/display-name';
import type { FieldValues } from '../../../core/signatures/field-spec';
import { dumpedText, dumpField } from '../../../core/signatures/python-text';
import { canonicalJson } from '../../../core/util/canonical-json';
import { checkOptions } from '../../../core/util/check-options';
import { type DiffLine, lineDiff } from '../../../core/util/line-diff';
import type { Module } from '../module';
import type { Predict } from '../predict';
import { namedPredictors } from '../walk';
import { type Paint, painter } from './paint';

/** How a difference is shown. */
export interface DiffOptions {
  /** ANSI colours: red for what goes, green for what comes; default false. */
  readonly colour?: boolean;
  /** Unchanged lines shown around each change; default 2. */
  readonly context?: number;
}

/** What an optimizer may change in a predictor, as lines under their headings. */
type Sections = ReadonlyMap<string, readonly string[]>;

/**
 * What is different between two programs, as text: for each predictor the lines of instructions, fields, demos, generation
 * options, pinned LM and adapter that go (`-`) and come (`+`). Empty when nothing is.
 */
export function diffPrograms(before: Module, after: Module, options: DiffOptions = {}): string {
  checkOptions('diffPrograms', options, ['colour', 'context']);
  const { colour = false, context = 2 } = options;
  const paint = painter(colour);
  const [left, right] = [new Map(namedPredictors(before)), new Map(namedPredictors(after))];
  const paths = new Set([...left.keys(), ...right.keys()]);
  return [...paths]
    .map((path) => {
      const [was, is] = [sectionsOf(left.get(path)), sectionsOf(right.get(path))];
      const changes = [...new Set([...was.keys(), ...is.keys()])].map((section) =>
        shownSection(section, lineDiff(was.get(section) ?? [], is.get(section) ?? []), context, paint),
      );
      const text = changes.join('');
      return text === '' ? '' : `${paint('blue', `=== ${path}`)}\n${text}`;
    })
    .filter((text) => text !== '')
    .join('\n');
}

function sectionsOf(predictor: Predict | undefined): Sections {
  if (predictor === undefined) return new Map();
  const { spec, demos, config, lm, adapter } = predictor;
  const fields = spec.fields.map(
    ({ name, role, type, prefix, desc }) => `${role} ${name} (${displayName(type)}): ${prefix} ${desc}`,
  );
  return new Map([
    ['instructions', spec.instructions.split('\n')],
    ['fields', fields],
    ['demos', demos.flatMap((demo, index) => demoLines(predictor, demo, index))],
    ['config', Object.entries(config).map(([name, value]) => `${name}: ${canonicalJson(value)}`)],
    ['lm', lm === undefined ? [] : [lm.model]],
    ['adapter', adapter === undefined ? [] : [adapter.name]],
  ]);
}

/** One line a field, so that a demo that changed in one field shows that field. */
function demoLines({ spec }: Predict, demo: FieldValues, index: number): string[] {
  return [
    `[${index + 1}]`,
    ...Object.keys(demo).map((name) => `  ${name}: ${valueText(spec.field(name), demo[name])}`),
  ];
}

function valueText(field: Parameters<typeof dumpField>[0] | undefined, value: unknown): string {
  try {
    return JSON.stringify(field === undefined ? value : dumpedText(dumpField(field, value)));
  } catch {
    return String(value);
  }
}

function shownSection(heading: string, lines: readonly DiffLine[], context: number, paint: Paint): string {
  if (lines.every(({ mark }) => mark === ' ')) return '';
  const near = (index: number) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(({ mark }) => mark !== ' ');
  const shown: string[] = [];
  for (const [index, { mark, text }] of lines.entries()) {
    if (near(index)) shown.push(mark === ' ' ? `  ${text}` : paint(mark === '-' ? 'red' : 'green', `${mark} ${text}`));
    else if (shown.at(-1) !== '  ...') shown.push('  ...');
  }
  return `${heading}:\n${shown.join('\n')}\n`;
}
