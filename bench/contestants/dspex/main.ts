// dspex as users install it: the built package, by its own name.
import { serveWorkloads } from '../../harness/serve';
import { openEvaluate } from './evaluate';
import { openFormat } from './format';
import { openGather } from './gather';
import { openParse } from './parse';
import { openPredict } from './predict';

serveWorkloads({
  predict: openPredict,
  format: openFormat,
  parse: openParse,
  evaluate: openEvaluate,
  gather: openGather,
});
