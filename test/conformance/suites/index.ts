import type { Suite } from '../suite';
import { formatSuite } from './format';
import { parseSuite } from './parse';
import { pipelineSuite } from './pipeline';
import { signaturesSuite } from './signatures';
import { stateSuite } from './state';

/** Every suite there is; each room adds its own. */
export const SUITES: readonly Suite[] = [formatSuite, parseSuite, stateSuite, pipelineSuite, signaturesSuite];
