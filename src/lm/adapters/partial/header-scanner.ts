import type { FieldScanner, FieldText } from '../../../core/ports/adapter';
import { isPythonSpace } from '../../../core/signatures/python/whitespace';
import type { SignatureSpec } from '../../../core/signatures/signature-spec';

const OPEN = '[[ ## ';
const CLOSE = ' ## ]]';
/** Where in `OPEN` a masked header has its backslashes. */
const MASK_AT = '[[ '.length;
const NAME = /[\p{L}\p{N}_]/u;

/** Where a line stands in `[[ ## name ## ]]`; `text` once it cannot be a header, or has been one. */
type Place = 'lead' | 'open' | 'name' | 'close' | 'text';

/**
 * Reads the fields of an answer under `[[ ## name ## ]]` headers as it comes in pieces. A line that may become a header, and
 * blanks that may be the last, are held back, so that the pieces of a field joined are what parsing the whole gives. Each
 * character is looked at once.
 */
export class HeaderScanner implements FieldScanner {
  private readonly wanted: Set<string>;
  private place: Place = 'lead';
  /** What of this line is held back. */
  private held = '';
  private matched = 0;
  private name = '';
  /** True when backslashes say that the header is text of the field (`maskHeaders`). */
  private masked = false;
  /** Blanks after the last visible character of the field. */
  private gap = '';
  private onHeaderLine = false;
  private afterReturn = false;
  private field: string | undefined;
  private visible = false;
  private delta = '';
  private halfPair = '';
  private found: FieldText[] = [];

  constructor(spec: SignatureSpec) {
    this.wanted = new Set(spec.outputs.map((field) => field.name));
  }

  push(chunk: string): readonly FieldText[] {
    let text = this.halfPair + chunk;
    const last = text.charCodeAt(text.length - 1);
    this.halfPair = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : '';
    if (this.halfPair !== '') text = text.slice(0, -1);
    this.feed(text);
    return this.take();
  }

  end(): readonly FieldText[] {
    for (const char of this.halfPair) this.step(char);
    this.release();
    this.close();
    return this.take();
  }

  private feed(text: string): void {
    let at = 0;
    while (at < text.length) {
      // Within a line that is text nothing can happen before it ends: most of an answer is taken as it comes, 1 us a token less.
      const end = this.place === 'text' && !this.afterReturn ? lineEndIn(text, at) : at;
      if (end > at) {
        this.addRun(text.slice(at, end));
        at = end;
        continue;
      }
      const char = String.fromCodePoint(text.codePointAt(at) as number);
      this.step(char);
      at += char.length;
    }
  }

  private step(char: string): void {
    const joined = this.afterReturn && char === '\n';
    this.afterReturn = char === '\r';
    if (joined) return;
    if (isLineEnd(char.charCodeAt(0))) this.endLine();
    else if (this.place === 'text') this.add(char);
    else this.match(char);
  }

  private match(char: string): void {
    this.held += char;
    if (this.place === 'lead') {
      if (char === OPEN[0]) [this.place, this.matched] = ['open', 1];
      else if (!isPythonSpace(char.charCodeAt(0))) this.release();
    } else if (this.place === 'open' && char === '\\' && this.matched === MASK_AT) {
      this.masked = true;
    } else if (this.place === 'open') {
      if (char !== OPEN[this.matched++]) this.release();
      else if (this.matched === OPEN.length) [this.place, this.name] = ['name', ''];
    } else if (this.place === 'name') {
      if (NAME.test(char)) this.name += char;
      else if (char === ' ' && this.name !== '') [this.place, this.matched] = ['close', 1];
      else this.release();
    } else if (char !== CLOSE[this.matched++]) this.release();
    else if (this.matched === CLOSE.length) {
      if (this.masked) this.release(this.held.replace('\\', ''));
      else this.openField();
    }
  }

  /** What was held back is text after all. */
  private release(held = this.held): void {
    this.held = '';
    this.masked = false;
    this.place = 'text';
    for (const char of held) this.add(char);
  }

  private openField(): void {
    this.close();
    const { name } = this;
    this.field = this.wanted.delete(name) ? name : undefined;
    this.held = '';
    this.place = 'text';
    this.onHeaderLine = true;
  }

  private endLine(): void {
    this.release();
    // The rest of a header's line is read without the blanks around it.
    if (this.onHeaderLine) this.gap = '';
    this.gap += '\n';
    this.onHeaderLine = false;
    this.place = 'lead';
  }

  private add(char: string): void {
    if (this.field === undefined) return;
    if (isPythonSpace(char.charCodeAt(0))) {
      this.gap += char;
      return;
    }
    this.delta += this.visible ? this.gap + char : char;
    this.gap = '';
    this.visible = true;
  }

  /** The same for a part of one line. */
  private addRun(run: string): void {
    if (this.field === undefined) return;
    let end = run.length;
    while (end > 0 && isPythonSpace(run.charCodeAt(end - 1))) end -= 1;
    let start = 0;
    if (end > 0) {
      // Blanks before the first visible character are none of the field's.
      if (!this.visible) while (isPythonSpace(run.charCodeAt(start))) start += 1;
      this.delta += (this.visible ? this.gap : '') + run.slice(start, end);
      this.gap = '';
      this.visible = true;
    }
    this.gap += run.slice(end);
  }

  private close(): void {
    this.flush();
    if (this.field !== undefined) this.found.push({ field: this.field, text: '', last: true });
    this.field = undefined;
    this.gap = '';
    this.visible = false;
  }

  private flush(): void {
    if (this.field !== undefined && this.delta !== '') {
      this.found.push({ field: this.field, text: this.delta, last: false });
    }
    this.delta = '';
  }

  private take(): readonly FieldText[] {
    this.flush();
    const { found } = this;
    this.found = [];
    return found;
  }
}

/** Where the line ends that goes on at `from`; the length of the text where it does not. */
function lineEndIn(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) at += 1;
  return at;
}

/** What ends a line in Python, whose separators include control characters. */
function isLineEnd(code: number): boolean {
  if (code > 0x1e && code < 0x85) return false;
  return (
    (code >= 0x0a && code <= 0x0d) ||
    (code >= 0x1c && code <= 0x1e) ||
    code === 0x85 ||
    code === 0x2028 ||
    code === 0x2029
  );
}
