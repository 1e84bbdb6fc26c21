import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder where programs of this user keep what can be made again: XDG's, macOS's or Windows' place for it. */
export function platformCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (process.platform === 'win32') return env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
}
