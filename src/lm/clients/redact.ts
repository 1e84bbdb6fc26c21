const SHOWN = 200;

/** Removes every secret from a text before it may be shown. */
export type Redact = (text: string) => string;

/** A function that replaces these secrets; short values are not secrets, and would only make messages unreadable. */
export function redactorOf(secrets: readonly (string | undefined)[]): Redact {
  const parts = [...new Set(secrets.flatMap((secret) => (secret === undefined ? [] : secretPartsOf(secret))))];
  // Longest first, so that a secret inside another one leaves no rest of it.
  parts.sort((a, b) => b.length - a.length);
  return (text) => parts.reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), text);
}

/** The beginning of a body that may be shown in an error: one line, without secrets. */
export function excerpt(text: string, redact: Redact): string {
  const line = redact(text).replace(/\s+/gu, ' ').trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}...` : line;
}

function secretPartsOf(secret: string): readonly string[] {
  // A header may carry its secret behind a word, as in `Bearer abc`.
  return [secret, ...secret.split(/\s+/u)].filter((part) => part.length >= 8);
}
