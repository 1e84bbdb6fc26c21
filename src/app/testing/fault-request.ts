/** One request as the fault server read it. */
export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Reads requests off one connection; bodies must have a `content-length`, which is all that clients of ours send. */
export class RequestReader {
  private pending: Buffer = Buffer.alloc(0);

  /** The requests that are whole with these bytes. */
  push(bytes: Uint8Array): readonly FaultRequest[] {
    this.pending = Buffer.concat([this.pending, bytes]);
    const whole: FaultRequest[] = [];
    for (let next = this.next(); next !== undefined; next = this.next()) whole.push(next);
    return whole;
  }

  private next(): FaultRequest | undefined {
    const end = this.pending.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const [first = '', ...lines] = this.pending.toString('latin1', 0, end).split('\r\n');
    const [method = '', path = ''] = first.split(' ');
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const start = end + HEAD_END.length;
    const length = Number(headers['content-length'] ?? 0);
    if (this.pending.length < start + length) return undefined;
    const body = this.pending.toString('utf8', start, start + length);
    this.pending = this.pending.subarray(start + length);
    return { method, path, headers, body };
  }
}
