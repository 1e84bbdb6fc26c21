import type { Row } from '../harness/row';

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = [];
