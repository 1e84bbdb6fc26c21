// Ax (@ax-llm/ax), another port of DSPy's ideas to TypeScript.
import { serveWorkloads } from '../../harness/serve';
import { openEvaluate } from './evaluate';
import { openFirstToken } from './first-token';
import { openImport } from './import';
import { openPredict } from './predict';

serveWorkloads({
  predict: openPredict,
  evaluate: openEvaluate,
  import: openImport,
  'first-token': openFirstToken,
});
