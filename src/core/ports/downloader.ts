/** How something is fetched from its URL. */
export interface DownloadOptions {
  /** Time for the whole download, in milliseconds; default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Most bytes; default 64 MiB. */
  readonly maxBytes?: number | undefined;
  /**
   * Also hosts on this machine and in private networks; default false, so that a URL that a user or a model supplied cannot reach
   * what only this machine can.
   */
  readonly allowPrivate?: boolean | undefined;
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What stood at a URL. */
export interface Downloaded {
  readonly bytes: Uint8Array;
  /** The `content-type` of the answer as the server wrote it. */
  readonly contentType: string | undefined;
}

/**
 * Fetches images, sounds and files for prompts, only when a program says `fromUrl`. The shipped one speaks HTTP and refuses private
 * addresses; a token for a container, and the option `downloader` of `fromUrl`.
 */
export abstract class Downloader {
  /** Throws `DownloadError` and `BlockedAddressError`. */
  abstract download(url: string, options?: DownloadOptions): Promise<Downloaded>;
}
