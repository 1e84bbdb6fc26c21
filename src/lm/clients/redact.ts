const SHOWN = 200;

/** Removes every secret from a text before it may be shown. */
export type Redact = (text: string) => string;

/** A function that replaces these secrets; short values are not secrets, and would only make messages unreadable. */
export function redactorOf(secrets: readonly (string | undefined)[]): Redact {
  const parts = new Set(secrets.flatMap((secret) => (secret === undefined ? [] : secretPartsOf(secret))));
  const written = [...new Set([...parts].flatMap(spellingsOf))];
  // Longest first, so that a secret inside another one leaves no rest of it.
  written.sort((a, b) => b.length - a.length);
  return (text) => written.reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), text);
}

/** The beginning of a body that may be shown in an error: one line, without secrets. */
export function excerpt(text: string, redact: Redact): string {
  const line = redact(text).replace(/\s+/gu, ' ').trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}...` : line;
}

/** What must not be seen of a URL that holds credentials: user and password, and how a header carries the two. */
export function secretsInUrl(url: string): readonly string[] {
  if (!URL.canParse(url)) return [];
  const { username, password } = new URL(url);
  const [user, word] = [decoded(username), decoded(password)];
  return [username, password, user, word, Buffer.from(`${user}:${word}`).toString('base64')];
}

function secretPartsOf(secret: string): readonly string[] {
  // A header may carry its secret behind a word, as in `Bearer abc`.
  return [secret, ...secret.split(/\s+/u)].filter((part) => part.length >= 8);
}

/** A server may give a header back as a part of JSON, of a URL or of a page. */
function spellingsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const page = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  return [secret, json, json.replaceAll('/', '\\/'), page, form, form.replaceAll('+', '%20')];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
