import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerpt, redactorOf, secretsInUrl } from '../../../src/lm/clients/redact';

const page = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
const json = (text: string) => JSON.stringify(text).slice(1, -1);

const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json,
  'json in json': (text) => json(json(text)),
  'json with slashes': (text) => json(text).replaceAll('/', '\\/'),
  'json in ASCII': (text) =>
    json(text).replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
  url: (text) => encodeURIComponent(text),
  'url, small letters': (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  'url in url': (text) => encodeURIComponent(encodeURIComponent(text)),
  form: (text) => new URLSearchParams({ a: text }).toString().slice(2),
  page,
  'page in page': (text) => page(page(text)),
  'half a page': (text) => text.replaceAll('<', '&lt;'),
  'numbers in a page': (text) => text.replace(/[^a-z0-9]/gi, (one) => `&#${one.charCodeAt(0)};`),
  'hexadecimal numbers in a page': (text) =>
    text.replace(/[^a-z0-9]/gi, (one) => `&#x${one.charCodeAt(0).toString(16)};`),
};

describe('a secret', () => {
  test.each(Object.entries(SPELLINGS))('is found as %s', (_, spell) => {
    const secrets = fc.string({
      minLength: 8,
      maxLength: 30,
      unit: fc.constantFrom(...'aZ9-_=+/&<>"\'.*$^()[]{}|?%#:;,~!@\\ü€'),
    });
    fc.assert(
      fc.property(secrets, (secret) => {
        // What follows must not be taken for a part of it.
        expect(redactorOf([secret])(`before ${spell(secret)}\nafter`)).toBe('before [redacted]\nafter');
      }),
      { numRuns: 200 },
    );
  });

  test('is found behind its word, alone, and inside of a longer one', () => {
    const redact = redactorOf(['Bearer abcdefgh1', 'abcdefgh1-and-more']);
    expect(redact('x abcdefgh1 y Bearer abcdefgh1 z abcdefgh1-and-more')).toBe(
      'x [redacted] y [redacted] z [redacted]',
    );
  });

  test('that is short, empty or absent changes nothing', () => {
    expect(redactorOf([undefined, '', 'short', 'two wor'])('a short text of two words')).toBe(
      'a short text of two words',
    );
  });

  test('is gone before a text is cut', () => {
    const secret = 'q'.repeat(50);
    expect(excerpt(`${'x'.repeat(180)}${secret}`, redactorOf([secret]))).toBe(`${'x'.repeat(180)}[redacted]`);
  });
});

test('hostile texts take linear time', () => {
  const redact = redactorOf(['\\\\\\\\"""""""""&&&&&&&&%%%%%%%%', 'aaaaaaaaaaaaaaaaaaaaaaaa/']);
  for (const unit of ['\\', '&amp;', '%25', 'a', '"', '\\"']) {
    const text = unit.repeat(200_000 / unit.length);
    expect(redact(text)).toBe(text);
  }
});

test('a URL hides user, word, and both as a header carries them', () => {
  const secrets = secretsInUrl('http://some%20user:pass%2Fword@proxy.example:3128');
  expect(secrets).toEqual(
    expect.arrayContaining(['some user', 'pass/word', Buffer.from('some user:pass/word').toString('base64')]),
  );
  expect(secretsInUrl('nonsense')).toEqual([]);
});
