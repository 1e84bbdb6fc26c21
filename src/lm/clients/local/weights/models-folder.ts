import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where fetched weights are kept: `DSPEX_MODELS`, else `dspex/models` in the platform's cache folder. */
export function modelsFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env['DSPEX_MODELS'];
  if (chosen !== undefined && chosen !== '') return chosen;
  return join(cacheFolder(env), 'dspex', 'models');
}

/** True when `DSPEX_OFFLINE` forbids fetching anything. */
export function isOffline(env: NodeJS.ProcessEnv = process.env): boolean {
  const value = env['DSPEX_OFFLINE'];
  return value !== undefined && value !== '' && value !== '0';
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  const xdg = env['XDG_CACHE_HOME'];
  return xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.cache');
}
