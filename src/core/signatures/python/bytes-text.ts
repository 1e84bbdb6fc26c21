const NAMED: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

/** Bytes as a prompt shows them: the text they encode in UTF-8, else Python's literal, `b'\xff'`. */
export function bytesText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytesLiteral(bytes);
  }
}

/** Python's literal: `b'hi'`. */
export function bytesLiteral(bytes: Uint8Array): string {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'";
  const shown = [...bytes].map((byte) => {
    if (NAMED[byte] !== undefined) return NAMED[byte];
    if (byte === quote.charCodeAt(0)) return `\\${quote}`;
    return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `b${quote}${shown.join('')}${quote}`;
}
