/** A `data:` URI of these bytes. */
export function dataUri(bytes: Uint8Array, mimeType: string): string {
  return `data:${mimeType};base64,${Buffer.from(bytes).toString('base64')}`;
}

/** The parts of a `data:` URI; `undefined` when the text is none. */
export function readDataUri(text: string): DataUri | undefined {
  const comma = text.startsWith('data:') ? text.indexOf(',') : -1;
  if (comma < 0) return undefined;
  const [mimeType = '', ...parameters] = text.slice('data:'.length, comma).split(';');
  return { mimeType, data: text.slice(comma + 1), base64: parameters.at(-1) === 'base64' };
}

/** What a `data:` URI says. */
export interface DataUri {
  readonly mimeType: string;
  readonly data: string;
  readonly base64: boolean;
}
