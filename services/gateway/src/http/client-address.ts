/** Who is at the other end: the peer, or what proxies in front of the gateway say, if the configuration trusts them. */
import { BlockList, isIP } from 'node:net';
import { AppError } from '@souk/kernel';

export interface ClientOrigin {
  address: string;
  /** The client came by HTTPS, as a trusted proxy says. */
  secure: boolean;
}

export type ClientOriginOf = (peer: string, forwarded_for: string | undefined, forwarded_proto: string | undefined) => ClientOrigin;

/** `trusted` is a list of addresses and CIDR ranges, by commas; throws `config_invalid`. */
export function createClientOrigin(trusted: string): ClientOriginOf {
  const isTrusted = createProxyTrust(trusted);
  if (trusted.trim() === '') return (peer) => ({ address: plainAddress(peer), secure: false });
  return (peer, forwarded_for, forwarded_proto) => {
    const direct = plainAddress(peer);
    if (!isTrusted(direct)) return { address: direct, secure: false };
    // From the nearest to the farthest: the first who is no trusted proxy is the client; beyond him all is hearsay.
    const hops = (forwarded_for ?? '')
      .split(',')
      .map((hop) => plainAddress(hop.trim()))
      .reverse();
    const client = hops.find((hop) => !isTrusted(hop));
    const address = client !== undefined && isIP(client) !== 0 ? client : direct;
    return { address, secure: (forwarded_proto ?? '').split(',').at(-1)?.trim().toLowerCase() === 'https' };
  };
}

/** Whether an address is that of a proxy in the list; throws `config_invalid`. */
export function createProxyTrust(trusted: string): (address: string) => boolean {
  const proxies = trustedProxies(trusted);
  return (address) => proxies !== undefined && isIP(address) !== 0 && proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function trustedProxies(trusted: string): BlockList | undefined {
  const entries = trusted
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (entries.length === 0) return undefined;
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const prefix = bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits);
    if (isIP(address) === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > (family === 'ipv6' ? 128 : 32)) {
      throw new AppError('config_invalid', `TRUSTED_PROXIES: ${entry} is neither an address nor a range.`);
    }
    list.addSubnet(address, prefix, family);
  }
  return list;
}

/** IPv4 that arrived over IPv6 is IPv4; what encloses an address or adds a port to it is left out. */
export function plainAddress(address: string): string {
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7);
  const bracketed = /^\[([0-9a-fA-F:.]+)\](?::\d+)?$/.exec(address);
  if (bracketed) return bracketed[1] ?? '';
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address);
  return withPort ? (withPort[1] ?? '') : address;
}

/** The key under which an address is counted: one customer of IPv6 has a whole /64 to himself, however its addresses are written. */
export function limitKeyOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const before = groupsOf(head);
  // What `::` stands for are zeros; of the groups behind it only those that reach into the first four matter.
  const behind = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: Math.max(0, groupsMax - before.length - behind.length) }, () => '0');
  const groups = [...before, ...(tail === undefined ? [] : zeros), ...behind];
  return `${groups.slice(0, networkGroups).join(':')}::/64`;
}

const groupsMax = 8;
const networkGroups = 4;

/** Hexadecimal groups in one spelling. */
function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16).toString(16));
}
