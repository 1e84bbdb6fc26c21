const LINEAR_PROBES = 9;
const PERTURB_SHIFT = 5;
const SMALLEST_TABLE = 8;

/**
 * The order in which a CPython set iterates these whole numbers (0 to 2^31 - 1) when they were added one by one.
 * The reference's optimizers iterate sets of candidate numbers, and from 8 on the order is not ascending.
 */
export function pythonSetOrder(numbers: Iterable<number>): number[] {
  let table = emptyTable(SMALLEST_TABLE);
  let used = 0;
  for (const number of numbers) {
    if (!insert(table, number)) continue;
    used++;
    if (used * 5 >= (table.length - 1) * 3) table = grown(table, used);
  }
  return table.filter((slot) => slot !== undefined);
}

type Table = (number | undefined)[];

function emptyTable(size: number): Table {
  return new Array<number | undefined>(size).fill(undefined);
}

/** Puts a number into its slot; false when it was there already. */
function insert(table: Table, number: number): boolean {
  const mask = table.length - 1;
  let perturb = number;
  let start = number & mask;
  for (;;) {
    const end = start + LINEAR_PROBES <= mask ? start + LINEAR_PROBES : start;
    for (let at = start; at <= end; at++) {
      if (table[at] === number) return false;
      if (table[at] === undefined) {
        table[at] = number;
        return true;
      }
    }
    perturb >>>= PERTURB_SHIFT;
    start = (start * 5 + 1 + perturb) & mask;
  }
}

function grown(table: Table, used: number): Table {
  const wanted = used > 50_000 ? used * 2 : used * 4;
  let size = SMALLEST_TABLE;
  while (size <= wanted) size *= 2;
  const larger = emptyTable(size);
  for (const number of table) if (number !== undefined) insert(larger, number);
  return larger;
}
