import type { Row } from '../harness/row';
import { EVALUATE_ROWS } from './evaluate';
import { PREDICT_ROWS } from './predict';

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = [...PREDICT_ROWS, ...EVALUATE_ROWS];
