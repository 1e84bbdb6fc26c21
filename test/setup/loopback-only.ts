import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net, { type LookupFunction } from 'node:net';

/** Set up before every test file: no test of this process reaches anything but this machine. */

/** Names of this machine, and those that no resolver may know (RFC 2606): looking one of them up reaches nobody. */
const LOCAL_NAMES = /^(?:localhost|(?:.+\.)?(?:localhost|invalid))$/u;
const LOCAL_ADDRESSES = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+|0\.0\.0\.0|::)$/u;

/** A test went out to the network. */
export class NotLoopbackError extends Error {
  constructor(what: string) {
    super(`A test wants to reach ${what}; tests talk to the loopback interface only.`);
    this.name = 'NotLoopbackError';
  }
}

export const isLocal = (host: string): boolean => LOCAL_NAMES.test(host) || LOCAL_ADDRESSES.test(host);

interface Target {
  host?: unknown;
  readonly path?: unknown;
  lookup?: LookupFunction;
}

/** Where a `connect` goes; `undefined` for a pipe. Node passes its own callers' arguments as one list. */
function targetOf(args: readonly unknown[]): Target | undefined {
  const [first, second] = (Array.isArray(args[0]) ? args[0] : args) as readonly unknown[];
  if (typeof first === 'object' && first !== null) {
    const { path } = first as Target;
    return path === undefined || path === null ? (first as Target) : undefined;
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return undefined;
  return { host: typeof second === 'string' ? second : 'localhost' };
}

/** A look-up of a test's own may say anything about a name; what it answers must still be here. */
function guardedLookup(inner: LookupFunction): LookupFunction {
  return (host, options, callback) =>
    inner(host, options, (error, found, family) => {
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found];
      const away = error === null || error === undefined ? addresses.find((address) => !isLocal(address)) : undefined;
      if (away === undefined) callback(error, found, family);
      else callback(new NotLoopbackError(away), '', 0);
    });
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]) {
  const target = targetOf(args);
  if (target !== undefined) {
    const host = String(target.host ?? 'localhost');
    // A name goes through the look-up of its caller, or through the system's, which is guarded below.
    if (net.isIP(host) !== 0 && !isLocal(host)) throw new NotLoopbackError(host);
    if (typeof target.lookup === 'function') target.lookup = guardedLookup(target.lookup);
  }
  return Reflect.apply(connect, this, args) as net.Socket;
} as typeof net.Socket.prototype.connect;

const lookup = dns.lookup;
dns.lookup = Object.assign(function guarded(host: string, ...rest: unknown[]) {
  if (!isLocal(host) && net.isIP(host) === 0) throw new NotLoopbackError(`the name ${host}`);
  return Reflect.apply(lookup, dns, [host, ...rest]) as undefined;
}, lookup) as typeof dns.lookup;
syncBuiltinESMExports();
