import { join } from 'node:path';
import { platformCacheFolder } from '../../../../core/util/platform-cache';

/** Where fetched weights are kept: `DSPEX_MODELS`, else `dspex/models` in the platform's cache folder. */
export function modelsFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env['DSPEX_MODELS'];
  if (chosen !== undefined && chosen !== '') return chosen;
  return join(platformCacheFolder(env), 'dspex', 'models');
}

/** True when `DSPEX_OFFLINE` forbids fetching anything. */
export function isOffline(env: NodeJS.ProcessEnv = process.env): boolean {
  const value = env['DSPEX_OFFLINE'];
  return value !== undefined && value !== '' && value !== '0';
}
