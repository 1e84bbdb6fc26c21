const SHOWN = 200;

/** Removes every secret from a text before it may be shown. */
export type Redact = (text: string) => string;

/** A function that replaces these secrets; short values are not secrets, and would only make messages unreadable. */
export function redactorOf(secrets: readonly (string | undefined)[]): Redact {
  const parts = [...new Set(secrets.flatMap((secret) => (secret === undefined ? [] : secretPartsOf(secret))))];
  if (parts.length === 0) return (text) => text;
  // Longest first, so that a secret inside another one leaves no rest of it.
  parts.sort((a, b) => b.length - a.length);
  const any = new RegExp(parts.map(patternOf).join('|'), 'g');
  return (text) => text.replace(any, '[redacted]');
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

/** A server may give a header back as a part of JSON, of a URL or of a page, and of one inside the other. */
function patternOf(secret: string): string {
  // Escaping doubles backslashes, so that their number says nothing.
  return [...secret.replace(/\\+/gu, '\\')].map(spellingsOf).join('');
}

/**
 * Every usual way to write a character, as a regular expression; letters and digits are always written as they are. What may be repeated
 * is bounded, so that a hostile text takes linear time.
 */
function spellingsOf(character: string): string {
  if (/^[a-z0-9]$/iu.test(character)) return character;
  if (character === '\\') return '(?:\\\\|%(?:25){0,4}5[Cc]|&(?:amp;){0,4}#(?:92|[xX]5[cC]);){1,8}';
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  const bytes = [...Buffer.from(character)].map(
    (byte) => `%(?:25){0,4}${eitherCase(byte.toString(16).padStart(2, '0'))}`,
  );
  const named = NAMED_ENTITIES[character] ?? [];
  const entities = [...named, `#0{0,4}${point}`, `#[xX]0{0,4}${eitherCase(hex)}`];
  const units = Array.from({ length: character.length }, (_, at) =>
    character.charCodeAt(at).toString(16).padStart(4, '0'),
  );
  const all = [
    bytes.join(''),
    `&(?:amp;){0,4}(?:${entities.join('|')});`,
    units.map((unit) => `\\\\{1,8}u${eitherCase(unit)}`).join(''),
    `\\\\{0,8}${literal(character)}`,
    ...(character === ' ' ? ['\\+'] : []),
  ];
  return `(?:${all.join('|')})`;
}

const NAMED_ENTITIES: Readonly<Record<string, readonly string[]>> = {
  '&': ['amp'],
  '<': ['lt'],
  '>': ['gt'],
  '"': ['quot'],
  "'": ['apos'],
};

function eitherCase(hex: string): string {
  return hex.replace(/[a-f]/gu, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
