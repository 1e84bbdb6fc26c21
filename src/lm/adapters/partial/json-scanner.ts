import type { FieldScanner, FieldText } from '../../../core/ports/adapter';
import type { SignatureSpec } from '../../../core/signatures/signature-spec';

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', '\\': '\\', '/': '/' },
  ...{ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
};
const BLANK = /[ \t\n\r]/;

/** What is being read: before the object, between members, a key, after it, a value, or nothing more. */
type Place = 'before' | 'member' | 'key' | 'colon' | 'value' | 'text' | 'other' | 'next' | 'over';

/**
 * Reads the members of a JSON object as it comes in pieces: of a text its characters and of a list or object its JSON as they come,
 * of any other value its JSON when it is whole, because half a number is another number. Each character is looked at once. Where the answer leaves JSON's grammar it says nothing more:
 * only parsing the whole, which is tolerant, can tell.
 */
export class JsonScanner implements FieldScanner {
  private readonly wanted: Set<string>;
  private readonly seen = new Set<string>();
  private place: Place = 'before';
  private key = '';
  private delta = '';
  private raw = '';
  private depth = 0;
  private quoted = false;
  /** Of an escape: what follows the backslash, or the digits after `\u`. */
  private escape: string | undefined;
  private found: FieldText[] = [];

  constructor(spec: SignatureSpec) {
    this.wanted = new Set(spec.outputs.map((field) => field.name));
  }

  push(chunk: string): readonly FieldText[] {
    for (let at = 0; at < chunk.length && this.place !== 'over'; at++) this.step(chunk.charAt(at));
    this.flush();
    const { found } = this;
    this.found = [];
    return found;
  }

  end(): readonly FieldText[] {
    this.place = 'over';
    return [];
  }

  private step(char: string): void {
    switch (this.place) {
      case 'before':
        if (char === '{') this.place = 'member';
        return;
      case 'key':
      case 'text':
        this.inText(char);
        return;
      case 'other':
        this.inOther(char);
        return;
      default:
        if (!BLANK.test(char)) this.between(char);
    }
  }

  private between(char: string): void {
    if (this.place === 'member' && char === '"') [this.place, this.key] = ['key', ''];
    else if (this.place === 'colon' && char === ':') this.place = 'value';
    else if (this.place === 'next' && char === ',') this.place = 'member';
    else if (this.place !== 'value') this.place = 'over';
    else if (char === '"') this.place = 'text';
    else {
      [this.place, this.raw, this.depth, this.quoted] = ['other', '', 0, false];
      this.inOther(char);
    }
  }

  private inText(char: string): void {
    if (this.escape !== undefined) this.inEscape(this.escape + char);
    else if (char === '\\') this.escape = '';
    else if (char !== '"') this.add(char);
    else if (this.place === 'text') this.close();
    else {
      // A key that comes again would take back what was said.
      this.place = this.seen.has(this.key) ? 'over' : 'colon';
      this.seen.add(this.key);
    }
  }

  private inEscape(taken: string): void {
    const single = ESCAPES[taken];
    const digits = /^u([\da-f]{4})$/i.exec(taken)?.[1];
    if (single === undefined && digits === undefined) {
      if (!/^u[\da-f]{0,3}$/i.test(taken)) this.place = 'over';
      this.escape = taken;
      return;
    }
    this.escape = undefined;
    this.add(single ?? String.fromCharCode(Number.parseInt(digits ?? '', 16)));
  }

  /** A number, word, list or object: up to the comma or brace that is not inside it. */
  private inOther(char: string): void {
    const ends = !this.quoted && this.depth === 0 && (char === ',' || char === '}');
    if (ends) {
      this.delta += this.raw.trimEnd();
      this.close();
      this.between(char);
      return;
    }
    const opens = !this.quoted && (char === '{' || char === '[');
    if (opens && this.raw.trim() !== '') {
      this.place = 'over';
      return;
    }
    if (opens || this.depth > 0) this.delta += char;
    else this.raw += char;
    if (this.escape !== undefined) this.escape = undefined;
    else if (this.quoted && char === '\\') this.escape = '';
    else if (char === '"') this.quoted = !this.quoted;
    else if (opens) this.depth += 1;
    else if (!this.quoted && (char === '}' || char === ']')) this.depth -= 1;
  }

  private add(text: string): void {
    if (this.place === 'key') this.key += text;
    else this.delta += text;
  }

  private close(): void {
    this.flush();
    if (this.wanted.has(this.key)) this.found.push({ field: this.key, text: '', last: true });
    this.place = 'next';
  }

  private flush(): void {
    if (this.delta !== '' && this.wanted.has(this.key)) {
      this.found.push({ field: this.key, text: this.delta, last: false });
    }
    this.delta = '';
  }
}
