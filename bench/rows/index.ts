import type { Row } from '../harness/row';
import { CACHE_ROWS } from './cache';
import { EVALUATE_ROWS } from './evaluate';
import { E6 } from './executor';
import { GROWTH } from './growth';
import { E5, E7, M1 } from './memory';
import { PREDICT_ROWS } from './predict';
import { RESILIENCE_ROWS } from './resilience';
import { START_ROWS } from './start';
import { STATE_ROWS } from './state';
import { STREAM_ROWS } from './stream';

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = [
  ...PREDICT_ROWS,
  ...EVALUATE_ROWS,
  ...CACHE_ROWS,
  ...RESILIENCE_ROWS,
  ...STREAM_ROWS,
  ...STATE_ROWS,
  ...START_ROWS,
  E5,
  E6,
  E7,
  M1,
  ...GROWTH,
];
