/** Where nothing may be posted: the shop must not become a way into its own network. */
import { refusal } from '@souk/contracts';

/** Labels of a public name: at least two, the last not a number. The URL parser has made each spelling of an IPv4 address four numbers. */
const publicName = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?\.?$/;
/** Names that never are public (RFC 6761, 6762, 8375 and the root's `internal`). */
const privateName = /(?:^|\.)(?:localhost|local|internal|intranet|home|lan|corp|home\.arpa|test|invalid|onion)\.?$/;

/** The address as it is posted to. Refuses with `webhook_target_refused`. What the name leads to is looked at when it is posted to. */
export function checkTarget(text: string, allow_private: boolean): string {
  const why = URL.canParse(text) ? targetFault(new URL(text), allow_private) : 'The address cannot be read.';
  if (why !== undefined) throw refusal('webhook_target_refused', why, { pointer: '/url' });
  return new URL(text).href;
}

/** Why nothing is posted to this address; undefined where its name alone is no reason. */
export function targetFault(url: URL, allow_private: boolean): string | undefined {
  if (url.username !== '' || url.password !== '') return 'The address holds a user name or password.';
  if (url.hash !== '') return 'The address has a fragment, which is never sent.';
  if (allow_private) return undefined;
  if (url.protocol !== 'https:') return 'The address is not https.';
  if (!publicName.test(url.hostname)) return 'The host is no public name.';
  return privateName.test(url.hostname) ? 'The host is a name of a private network.' : undefined;
}

interface Range {
  first: bigint;
  bits: number;
}

const bits4 = 32;
const bits6 = 128;

/** Parts of IPv4 that are not global unicast (IANA special-purpose registry; multicast and reserved are the end of it). */
const notGlobal4 = ranges(bits4, [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]);
/** All of IPv6 that is assigned to hosts of the internet: it leaves out mapped, translated, local and multicast addresses. */
const global6 = ranges(bits6, ['2000::/3']);
/** Parts of it that lead elsewhere: tunnels to IPv4 (Teredo, 6to4), documentation, protocols. */
const notGlobal6 = ranges(bits6, ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']);

/** Whether an address, as a resolver answers it, is one of the public internet. What cannot be read is not. */
export function isGlobalUnicast(address: string): boolean {
  const v4 = parse4(address);
  if (v4 !== undefined) return !within(v4, bits4, notGlobal4);
  const v6 = parse6(address);
  return v6 !== undefined && within(v6, bits6, global6) && !within(v6, bits6, notGlobal6);
}

function within(value: bigint, width: number, list: readonly Range[]): boolean {
  return list.some(({ first, bits }) => value >> BigInt(width - bits) === first >> BigInt(width - bits));
}

function ranges(width: number, texts: readonly string[]): Range[] {
  return texts.map((text) => {
    const [address = '', bits = ''] = text.split('/');
    return { first: (width === bits4 ? parse4(address) : parse6(address)) ?? 0n, bits: Number(bits) };
  });
}

function parse4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 0xff)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

/** Without a zone: a resolver has no answer with one. The end may be written as IPv4. */
function parse6(text: string): bigint | undefined {
  const dotted = /^(.*:)([\d.]+)$/.exec(text);
  const tail = dotted?.[2]?.includes('.') ? parse4(dotted[2]) : undefined;
  const hex = tail === undefined ? text : `${dotted?.[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  const [head = '', rest, more] = hex.split('::');
  if (more !== undefined) return undefined;
  const left = head === '' ? [] : head.split(':');
  const right = rest === undefined || rest === '' ? [] : rest.split(':');
  const missing = 8 - left.length - right.length;
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
