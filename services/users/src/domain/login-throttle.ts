/**
 * How failed sign-ins slow down the next ones: by account and network together with growing waits, by account alone in the same
 * way but much later, so that a stranger cannot lock the owner out cheaply, and by client address in fixed windows.
 */

export interface ThrottleLimits {
  /** Failures with one account from one network before the first wait. */
  pair_failures_max: number;
  /** Failures with one account from anywhere before the first wait. */
  account_failures_max: number;
  wait_ms_first: number;
  wait_ms_max: number;
  /** Failures with an account are forgotten so long after the last one. */
  account_memory_ms: number;
  /** Failures from one address within one window. */
  address_failures_max: number;
  address_window_ms: number;
}

/** A row of `login_failures`, without its key. */
export interface FailureRecord {
  failures: number;
  blocked_until: string;
  expires_at: string;
}

/** Milliseconds until the next attempt is allowed; 0 when it is now. */
export function waitMs(records: readonly FailureRecord[], now_ms: number): number {
  return Math.max(0, ...records.map(({ blocked_until }) => Date.parse(blocked_until) - now_ms));
}

/** The wait after this many failures: none, then the first one doubled with each further failure. */
export function waitAfterMs(failures: number, failures_max: number, limits: ThrottleLimits): number {
  const beyond = failures - failures_max;
  return beyond < 0 ? 0 : Math.min(limits.wait_ms_max, limits.wait_ms_first * 2 ** Math.min(beyond, 30));
}

/** What a record with growing waits becomes with one more failure; the first wait comes after `failures_max` of them. */
export function failGrowing(record: FailureRecord | undefined, failures_max: number, now_ms: number, limits: ThrottleLimits): FailureTimes {
  const failures = livingFailures(record, now_ms) + 1;
  const blocked_until_ms = now_ms + waitAfterMs(failures, failures_max, limits);
  return { failures, blocked_until_ms, expires_at_ms: Math.max(now_ms + limits.account_memory_ms, blocked_until_ms) };
}

/** What an address's record becomes with one more failure: the window starts with its first one. */
export function failAddress(record: FailureRecord | undefined, now_ms: number, limits: ThrottleLimits): FailureTimes {
  const failures = livingFailures(record, now_ms) + 1;
  const living = record !== undefined && failures > 1;
  const expires_at_ms = living ? Date.parse(record.expires_at) : now_ms + limits.address_window_ms;
  return { failures, blocked_until_ms: failures >= limits.address_failures_max ? expires_at_ms : now_ms, expires_at_ms };
}

export interface FailureTimes {
  failures: number;
  blocked_until_ms: number;
  expires_at_ms: number;
}

/** The network a client address stands for: one household or server has a whole /64 of IPv6 to choose from. */
export function networkOf(address: string): string {
  const plain = address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/s, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = [...left, ...zeros, ...right].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.join(':')}::/64`;
}

function livingFailures(record: FailureRecord | undefined, now_ms: number): number {
  return record !== undefined && Date.parse(record.expires_at) > now_ms ? record.failures : 0;
}
