// What a person would write by hand, without any library but undici.
import { serveWorkloads } from '../../harness/serve';
import { openCacheKey, openDiskHit, openDiskPut } from './cache';
import { openDecode } from './decode';
import { openEvaluate } from './evaluate';
import { openFormat } from './format';
import { openGather } from './gather';
import { openInFlight } from './in-flight';
import { openParse } from './parse';
import { openResilience } from './resilience';

serveWorkloads({
  format: openFormat,
  parse: openParse,
  evaluate: openEvaluate,
  gather: openGather,
  'in-flight': openInFlight,
  resilience: openResilience,
  decode: openDecode,
  'cache-key': openCacheKey,
  'disk-hit': openDiskHit,
  'disk-put': openDiskPut,
});
