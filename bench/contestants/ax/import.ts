import type { OpenWorkload } from '../../harness/workload';
import { importOf } from '../import-cost';

/** A process that requires Ax. */
export const openImport: OpenWorkload = () => importOf('@ax-llm/ax');
