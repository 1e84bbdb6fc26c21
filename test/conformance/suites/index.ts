import type { Suite } from '../suite';
import { bootstrapFewShotSuite } from './bootstrap-few-shot';
import { evaluateSuite } from './evaluate';
import { formatSuite } from './format';
import { labeledFewShotSuite } from './labeled-few-shot';
import { parseSuite } from './parse';
import { pipelineSuite } from './pipeline';
import { randomSuite } from './random';
import { randomSearchSuite } from './random-search';
import { savedProgramsSuite } from './saved-programs';
import { signaturesSuite } from './signatures';
import { stateSuite } from './state';

/** Every suite there is; each room adds its own. */
export const SUITES: readonly Suite[] = [
  formatSuite,
  parseSuite,
  stateSuite,
  savedProgramsSuite,
  pipelineSuite,
  signaturesSuite,
  randomSuite,
  evaluateSuite,
  labeledFewShotSuite,
  bootstrapFewShotSuite,
  randomSearchSuite,
];
