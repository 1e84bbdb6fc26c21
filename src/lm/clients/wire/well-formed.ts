/**
 * A JSON body without halves of surrogate pairs, which stand in texts that were cut in the middle of a character: many servers answer
 * 400 to them. Each becomes U+FFFD, as in any other text that is sent as UTF-8. JSON writes nothing but such halves as `\ud...`.
 */
export function wellFormed(body: string): string {
  if (!body.includes('\\ud')) return body;
  return body.replace(/\\(?:u(d[89a-f][\da-f]{2})|.)/gu, (found, half) => (half === undefined ? found : '\\ufffd'));
}
