import dns from 'node:dns';
import net from 'node:net';

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
  readonly host?: unknown;
  readonly path?: unknown;
}

/** The host that a `connect` goes to; `undefined` for a pipe. Node passes its own callers' arguments as one list. */
function hostOf(args: readonly unknown[]): string | undefined {
  const [first, second] = (Array.isArray(args[0]) ? args[0] : args) as readonly unknown[];
  if (typeof first === 'object' && first !== null) {
    const { host, path } = first as Target;
    return path === undefined || path === null ? String(host ?? 'localhost') : undefined;
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return undefined;
  return typeof second === 'string' ? second : 'localhost';
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]) {
  const host = hostOf(args);
  if (host !== undefined && !isLocal(host)) throw new NotLoopbackError(host);
  return Reflect.apply(connect, this, args) as net.Socket;
} as typeof net.Socket.prototype.connect;

const lookup = dns.lookup;
dns.lookup = Object.assign(function guarded(host: string, ...rest: unknown[]) {
  if (!isLocal(host)) throw new NotLoopbackError(`the name ${host}`);
  return Reflect.apply(lookup, dns, [host, ...rest]) as undefined;
}, lookup) as typeof dns.lookup;
