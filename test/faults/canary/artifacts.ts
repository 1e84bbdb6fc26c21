import { channel } from 'node:diagnostics_channel';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { EVENT_KINDS } from '../../../src/core/telemetry/events';

/** Everything that a value shows to whoever prints, logs or serialises it, the chain of causes included. */
export function everythingOf(value: unknown): string {
  const shown = [
    inspect(value, { showHidden: true, depth: 20, maxStringLength: null, maxArrayLength: null }),
    json(value),
  ];
  const seen = new Set<unknown>();
  const walk = (at: unknown): void => {
    if (typeof at === 'string') shown.push(at);
    if (!(at instanceof Error) || seen.has(at)) return;
    seen.add(at);
    shown.push(String(at), at.message, String(at.stack));
    for (const name of Object.getOwnPropertyNames(at)) walk((at as unknown as Record<string, unknown>)[name]);
    if (at instanceof AggregateError) at.errors.forEach(walk);
  };
  walk(value);
  return shown.join('\n');
}

function json(value: unknown): string {
  const seen = new WeakSet<object>();
  const text = JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'bigint') return String(member);
    if (typeof member !== 'object' || member === null) return member;
    if (seen.has(member)) return '[seen]';
    seen.add(member);
    return member;
  });
  return text ?? '';
}

/** All files below a folder, as one text. */
export async function filesBelow(folder: string): Promise<string> {
  const texts: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    texts.push(entry.name);
    if (entry.isFile()) texts.push(await readFile(join(entry.parentPath, entry.name), 'latin1'));
  }
  return texts.join('\n');
}

/** Listens to every channel of dspex; `stop` ends it. */
export function listenToAll(): { readonly events: unknown[]; stop(): void } {
  const events: unknown[] = [];
  const hear = (event: unknown) => void events.push(event);
  const channels = EVENT_KINDS.map((kind) => channel(`dspex:${kind}`));
  for (const one of channels) one.subscribe(hear);
  return {
    events,
    stop: () => {
      for (const one of channels) one.unsubscribe(hear);
    },
  };
}

/** A logger that keeps what it is given. */
export function capturingLogger() {
  const lines: unknown[] = [];
  const take = (...given: unknown[]) => void lines.push(given);
  return { lines, logger: { debug: take, info: take, warn: take, error: take } };
}
