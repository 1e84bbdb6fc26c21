// Vercel's AI SDK, where the work is the same.
import { serveWorkloads } from '../../harness/serve';
import { openEvaluate } from './evaluate';

serveWorkloads({ evaluate: openEvaluate });
