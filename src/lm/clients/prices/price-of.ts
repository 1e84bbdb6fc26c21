import { isIP } from 'node:net';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import { FREE, type Price } from '../../../core/primitives/price';
import { checkOptions } from '../../../core/util/check-options';
import { PRICE_LISTS } from './table';

/** Prices of one's own by the name of the model, in US dollars per million tokens; they come before the table. */
export type Prices = Readonly<Record<string, Price>>;

/** A version by date, or the newest one: `-2024-08-06`, `-20250929`, `-latest`. */
const VERSION = /-(\d{4}-\d{2}-\d{2}|\d{8}|latest)$/u;
/** The price of a long prompt has one member more. */
const MEMBERS = ['input', 'cachedInput', 'output'] as const;

/**
 * What a model costs there: the caller's own price, else nothing for a server on this machine, else the list price.
 * `undefined` when nobody knows; then nothing is guessed.
 */
export function priceOf(model: string, endpoint: string, own: Prices = {}): Price | undefined {
  if (Object.hasOwn(own, model)) return own[model];
  const host = hostOf(endpoint);
  if (isThisMachine(host)) return FREE;
  const list = PRICE_LISTS.find((one) => one.host === host)?.models ?? {};
  if (Object.hasOwn(list, model)) return list[model];
  const name = model.replace(VERSION, '');
  return Object.hasOwn(list, name) ? list[name] : undefined;
}

/** Throws `UnknownOptionError` or `InvalidOptionError` for prices that are none. */
export function checkPrices(owner: string, prices: Prices): void {
  if (typeof prices !== 'object' || prices === null) {
    throw new InvalidOptionError(owner, 'prices', prices, 'an object of prices by model');
  }
  for (const [model, price] of Object.entries(prices)) {
    const place = `prices.${model}`;
    if (typeof price !== 'object' || price === null) throw new InvalidOptionError(owner, place, price, 'a price');
    checkOptions(`${owner} ${place}`, price, [...MEMBERS, 'long']);
    for (const part of price.long === undefined ? [price] : [price, price.long]) {
      if (part !== price) checkOptions(`${owner} ${place}.long`, part, [...MEMBERS, 'above']);
      for (const member of MEMBERS) {
        const value = part[member];
        if (value === undefined && member === 'cachedInput') continue;
        if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
          throw new InvalidOptionError(owner, `${place}.${member}`, value, 'US dollars per million tokens, from 0');
        }
      }
    }
    const above = price.long?.above ?? 0;
    if (!(Number.isSafeInteger(above) && above >= 0)) {
      throw new InvalidOptionError(owner, `${place}.long.above`, above, 'a number of tokens');
    }
  }
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).hostname : '';
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}
