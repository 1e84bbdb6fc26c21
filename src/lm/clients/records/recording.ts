import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  DamagedRecordingError,
  RecordingNotFoundError,
  RecordingWriteError,
} from '../../../core/errors/clients/recording-errors';
import type { LMRequest } from '../../../core/primitives/lm-request';
import { wallClockMs } from '../../../core/util/clock';
import type { Redact } from '../redact';
import { HEADER, lineOf, type RecordedCall, readLine } from './record-line';

const NEWLINE = 0x0a;

interface Take {
  readonly calls: RecordedCall[];
  next: number;
}

/**
 * A file of recorded calls, one a line. Lines are only ever added at the end, each by one write, so that a process that dies leaves at
 * most a torn last line. Nothing is touched before the first call.
 */
export class Recording {
  private readonly takes = new Map<string, Take>();
  private readonly asked: LMRequest[] = [];
  private loading: Promise<void> | undefined;
  private writing: Promise<void> = Promise.resolve();
  private file: FileHandle | undefined;
  /** Where a torn last line begins, or -1; and whether the last whole one lacks its end. */
  private tornAt = -1;
  private unended = false;
  private failure: RecordingWriteError | undefined;

  constructor(
    readonly path: string,
    private readonly redact: Redact,
  ) {}

  /** The recorded requests, in the order of the file. */
  get requests(): readonly LMRequest[] {
    return this.asked;
  }

  /**
   * Reads the file, once. Throws `DamagedRecordingError`, and `RecordingNotFoundError` for a file that is not there and must be.
   */
  load(mustExist: boolean): Promise<void> {
    this.loading ??= this.read(mustExist);
    return this.loading;
  }

  /** What came of the call with that key: in the order of the file, and after the last one the last one again. */
  take(key: string): RecordedCall | undefined {
    const take = this.takes.get(key);
    if (take === undefined) return undefined;
    const call = take.calls[Math.min(take.next, take.calls.length - 1)];
    take.next += 1;
    return call;
  }

  /** Adds a call at the end of the file. A failure to write is kept for `close`. Resolves when the line was handed over. */
  add(call: RecordedCall, remember: boolean): Promise<void> {
    if (remember) this.remember(call);
    const line = `${lineOf(call, new Date(wallClockMs()), this.redact)}\n`;
    this.writing = this.writing.then(() => this.append(line));
    return this.writing;
  }

  /** Why some calls are not in the file, if so. */
  get writeFailure(): RecordingWriteError | undefined {
    return this.failure;
  }

  /** Forgets what the file holds, and starts it anew with the next call. */
  startAfresh(): Promise<void> {
    this.tornAt = 0;
    this.loading ??= Promise.resolve();
    return this.loading;
  }

  /** Waits for the lines under way. Rejects with `RecordingWriteError` when some could not be written. */
  async close(): Promise<void> {
    await this.writing;
    await this.file?.close();
    this.file = undefined;
    if (this.failure !== undefined) throw this.failure;
  }

  private async read(mustExist: boolean): Promise<void> {
    let bytes: Buffer;
    try {
      bytes = await readFile(this.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if (mustExist) throw new RecordingNotFoundError(this.path);
      return;
    }
    for (let start = 0, number = 1; start < bytes.length; number++) {
      const found = bytes.indexOf(NEWLINE, start);
      const end = found === -1 ? bytes.length : found;
      try {
        const call = readLine(bytes.toString('utf8', start, end));
        if (number === 1 && call !== undefined) throw new Error('it is no header of a recording');
        if (call !== undefined) this.remember(call);
      } catch (error) {
        // The line that was being written when its process died.
        if (found === -1 && (number > 1 || HEADER.startsWith(bytes.toString('utf8')))) {
          this.tornAt = start;
          return;
        }
        throw new DamagedRecordingError(this.path, number, (error as Error).message, { cause: error });
      }
      this.unended = found === -1;
      start = end + 1;
    }
  }

  private remember(call: RecordedCall): void {
    const take = this.takes.get(call.key) ?? { calls: [], next: 0 };
    this.takes.set(call.key, take);
    take.calls.push(call);
    this.asked.push(call.request);
  }

  private async append(line: string): Promise<void> {
    if (this.failure !== undefined) return;
    try {
      this.file ??= await this.openAtEnd();
      const bytes = Buffer.from(line);
      const { bytesWritten } = await this.file.write(bytes);
      if (bytesWritten < bytes.length) throw new Error('the disk took a part of a line only');
    } catch (error) {
      this.failure = new RecordingWriteError(this.path, { cause: error });
    }
  }

  private async openAtEnd(): Promise<FileHandle> {
    await mkdir(dirname(this.path), { recursive: true });
    const file = await open(this.path, 'a+');
    // A torn line would spoil the next one.
    if (this.tornAt >= 0) await file.truncate(this.tornAt);
    const { size } = await file.stat();
    if (size === 0) await file.write(`${HEADER}\n`);
    else if (this.unended) await file.write('\n');
    return file;
  }
}
