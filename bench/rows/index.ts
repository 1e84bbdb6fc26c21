import type { Row } from '../harness/row';
import { EVALUATE_ROWS } from './evaluate';
import { PREDICT_ROWS } from './predict';
import { RESILIENCE_ROWS } from './resilience';
import { STREAM_ROWS } from './stream';

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = [...PREDICT_ROWS, ...EVALUATE_ROWS, ...RESILIENCE_ROWS, ...STREAM_ROWS];
