import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { parseJson } from '../../core/util/json';
import { LineCutter } from '../../core/util/streams/lines';
import { writeFileAtomic } from '../../core/util/write-file-atomic';
import type { RowResult } from '../evaluate/row-result';
import { mergedRow } from './merged-row';
import { cellText, csvHead, csvLine } from './rows-csv';
import { rowJson } from './rows-json';

/** How rows are written that come one by one, in order. */
export interface RowFormat {
  /** What is noted of a row, before the next one is. */
  readonly text: (row: RowResult<object>) => string;
  /** Makes the file, wholly or not at all, of all that was noted. */
  readonly write: (texts: AsyncIterable<string>) => Promise<void>;
}

/** A JSON file, to the byte as `rowsJson` has it. */
export function jsonFormat(path: string, metricName: string): RowFormat {
  let first = true;
  return {
    text: (row) => {
      const before = first ? '' : ', ';
      first = false;
      return before + rowJson(row, metricName);
    },
    write: (texts) => writeFileAtomic(path, within('[', texts, ']')),
  };
}

async function* within(before: string, texts: AsyncIterable<string>, after: string): AsyncGenerator<string> {
  yield before;
  yield* texts;
  yield after;
}

/**
 * A CSV file, to the byte as `rowsCsv` has it. Its first line names the fields of all rows, so that the cells wait in a file beside it
 * until the last row has come.
 */
export function csvFormat(path: string, metricName: string): RowFormat {
  const names = new Set<string>();
  const noted = `${path}.${randomUUID()}.rows`;
  return {
    text: (row) => {
      const cells = [...mergedRow(row, metricName)].map(([name, cell]) => [name, cellText(cell)]);
      for (const [name] of cells) names.add(name as string);
      return `${JSON.stringify(cells)}\n`;
    },
    write: async (texts) => {
      try {
        await writeFileAtomic(noted, texts);
        await writeFileAtomic(path, csvLines(noted, csvHead(names, metricName)));
      } finally {
        await rm(noted, { force: true });
      }
    },
  };
}

async function* csvLines(noted: string, head: readonly string[]): AsyncGenerator<string> {
  yield csvLine(head);
  const lines = new LineCutter(Number.POSITIVE_INFINITY);
  for await (const piece of createReadStream(noted)) {
    let text = '';
    for (const line of lines.push(piece as Uint8Array)) {
      const cells = new Map(parseJson(line.text ?? '', { maxBytes: Number.POSITIVE_INFINITY }) as [string, string][]);
      text += csvLine(head.map((name) => cells.get(name) ?? ''));
    }
    yield text;
  }
}
