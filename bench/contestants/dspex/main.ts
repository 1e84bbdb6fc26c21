// dspex as users install it: the built package, by its own name.
import { serveWorkloads } from '../../harness/serve';
import { openCacheHit, openCacheKey, openDiskHit, openDiskPut, openStampede } from './cache';
import { openEvaluate } from './evaluate';
import { openExecutor } from './executor';
import { openFormat } from './format';
import { openGather } from './gather';
import { openConcurrent } from './growth';
import { openHeapGrowth } from './heap';
import { openInFlight } from './in-flight';
import { openParse } from './parse';
import { openPredict } from './predict';
import { openHostile } from './protection/hostile';
import { openResilience } from './protection/resilience';
import { openStreamedRows } from './rows';
import { openCommandHelp, openImport } from './start/start';
import { openCopyProgram, openSaveLoad } from './state';
import { openDecode } from './stream/decode';
import { openFirstToken } from './stream/first-token';

serveWorkloads({
  predict: openPredict,
  format: openFormat,
  parse: openParse,
  evaluate: openEvaluate,
  gather: openGather,
  executor: openExecutor,
  'in-flight': openInFlight,
  'streamed-rows': openStreamedRows,
  'heap-growth': openHeapGrowth,
  concurrent: openConcurrent,
  resilience: openResilience,
  hostile: openHostile,
  'first-token': openFirstToken,
  decode: openDecode,
  'cache-key': openCacheKey,
  'cache-hit': openCacheHit,
  'disk-hit': openDiskHit,
  'disk-put': openDiskPut,
  stampede: openStampede,
  'copy-program': openCopyProgram,
  'save-load': openSaveLoad,
  import: openImport,
  'command-help': openCommandHelp,
});
