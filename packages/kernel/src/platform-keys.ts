/**
 * The credentials of one installation, all derived from its internal token by HKDF (RFC 5869). Each is bound to a purpose
 * and, where it is shown, to that service alone: a holder of one can neither use it elsewhere nor find the
 * internal token, which never leaves the processes that are configured with it.
 */
import { hkdfSync } from 'node:crypto';

export interface PlatformKeys {
  /** Bearer token for scrape targets and metrics; what Prometheus is given. Good for nothing else. */
  scrapeToken(): string;
  /** What a gateway shows `service` with each proxied request, so that the forwarded client address is believed. */
  gatewayToken(service: string): string;
  /** Bearer token for the internal routes of `service`. */
  internalToken(service: string): string;
  /** Bearer token for registering instances at a gateway. What it registers gets nothing before it has proved itself. */
  registrationToken(): string;
  /** Bearer token for the process that runs the shop, to have it end a part of the shop on purpose. */
  drillToken(): string;
  /** Signs the links that open one order. Never sent. */
  orderLinkKey(): Buffer;
  /** Of digests by which services compare addresses without telling them. Never sent. */
  addressKey(): Buffer;
  /** Proves that an instance is one of this installation. Never sent. */
  identityKey(): Buffer;
}

const keyBytes = 32;
/** Changes with any change of what is derived, so that old and new credentials never mix. */
const scheme = 'souk/v1';

/** The credentials that follow from this internal token; each is derived once and remembered. */
export function platformKeys(internal_token: string): PlatformKeys {
  const known = new Map<string, Buffer>();
  const derive = (purpose: string, service = ''): Buffer => {
    const info = `${scheme}/${purpose}/${service}`;
    const key = known.get(info) ?? Buffer.from(hkdfSync('sha256', internal_token, '', info, keyBytes));
    known.set(info, key);
    return key;
  };
  const tokens = new Map<Buffer, string>();
  const gateway_tokens = new Map<string, string>();
  const textOf = (key: Buffer): string => {
    const text = tokens.get(key) ?? key.toString('base64url');
    tokens.set(key, text);
    return text;
  };
  return {
    scrapeToken: () => textOf(derive('scrape')),
    gatewayToken(service) {
      const known_token = gateway_tokens.get(service);
      if (known_token !== undefined) return known_token;
      const token = textOf(derive('gateway', service));
      gateway_tokens.set(service, token);
      return token;
    },
    internalToken: (service) => textOf(derive('internal', service)),
    registrationToken: () => textOf(derive('registration')),
    drillToken: () => textOf(derive('drill')),
    orderLinkKey: () => derive('order-link'),
    addressKey: () => derive('address'),
    identityKey: () => derive('identity'),
  };
}
