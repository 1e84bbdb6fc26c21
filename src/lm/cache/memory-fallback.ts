import type { Logger } from '../../core/ports/logger';
import { resolveSetting } from '../../core/settings/resolve';
import { MemoryCache } from './memory-cache';

/** Where a store on disk keeps new answers when the disk cannot be written: in memory, after one warning. */
export class MemoryFallback {
  /** The answers kept in memory; absent while the disk works. */
  memory: MemoryCache | undefined;

  constructor(
    private readonly directory: string,
    private readonly logger: Logger | undefined,
  ) {}

  /** The memory to use from now on. Warns the first time, with the cause. */
  begin(cause: unknown): MemoryCache {
    if (this.memory === undefined) {
      this.memory = new MemoryCache();
      const reason = cause instanceof Error ? cause.message : String(cause);
      const logger = this.logger ?? resolveSetting('logger').value;
      logger?.warn(
        { directory: this.directory, reason },
        'The cache folder cannot be written; answers are kept in memory.',
      );
    }
    return this.memory;
  }
}
