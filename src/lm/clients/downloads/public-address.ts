import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, isIPv4, type LookupFunction } from 'node:net';
import { BlockedAddressError } from '../../../core/errors/value-errors';

/** IPv4 networks that are not the public internet (IANA's registry of special-purpose addresses). */
const SPECIAL_IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
];
/** All that is public in IPv6 lies here, apart from what carries IPv4 addresses or is for documents. */
const GLOBAL_IPV6 = '2000::/3';
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

interface Networks {
  readonly specialIPv4: BlockList;
  readonly globalIPv6: BlockList;
  readonly specialIPv6: BlockList;
}

/** Made with the first address that is asked about: making them takes 3 ms, which importing dspex need not. */
let networks: Networks | undefined;

function makeNetworks(): Networks {
  return {
    specialIPv4: blockList(SPECIAL_IPV4, 'ipv4'),
    globalIPv6: blockList([GLOBAL_IPV6], 'ipv6'),
    specialIPv6: blockList(SPECIAL_IPV6, 'ipv6'),
  };
}

function blockList(addresses: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of addresses) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** True for an address of the public internet; IPv4 addresses inside IPv6 ones never are, nor is what is no address. */
export function isPublicAddress(address: string): boolean {
  networks ??= makeNetworks();
  const { specialIPv4, globalIPv6, specialIPv6 } = networks;
  if (isIPv4(address)) return !specialIPv4.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%')) return false;
  return globalIPv6.check(address, 'ipv6') && !specialIPv6.check(address, 'ipv6');
}

/**
 * Throws `BlockedAddressError` when the host of a URL is written as an address that is not public: such a host is never looked up.
 * The host is as `URL` gives it, which writes decimal, octal and hexadecimal IPv4 forms with dots.
 */
export function refusePrivateHost(hostname: string): void {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0 && !isPublicAddress(address)) throw new BlockedAddressError(hostname, address);
}

/**
 * Looks a name up as the system does, and fails when any of its addresses is not public. It gives the connection the very addresses
 * that it checked, so that a name which changes between check and connection gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0);
    const blocked = addresses.find(({ address }) => !isPublicAddress(address));
    if (blocked !== undefined) return callback(new BlockedAddressError(hostname, blocked.address), '', 0);
    if (options.all === true) return callback(null, addresses);
    const [first] = addresses;
    callback(null, first?.address ?? '', first?.family);
  });
};
