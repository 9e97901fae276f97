/**
 * Links that open one order to who was mailed them: `v1.<order>.<purpose>.<expires>.<key>.<HMAC>`. Nothing is stored. A link is a
 * credential: it goes into the mail and the Authorization header, never into a log.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { emailKey } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';

export interface OrderLinks {
  /** A link that is good until then (epoch milliseconds). */
  sign(order_id: string, expires_at_ms: number): string;
  /** The order that an Authorization header with a good link opens at `now_ms`; undefined for everything else. */
  orderOf(authorization: string | undefined, now_ms: number): string | undefined;
  /** By which an address is compared with one that another service keeps. */
  addressDigest(email: string): string;
}

const orderLinkScheme = 'OrderLink';

/** To look at the order and to cancel it; a link for anything else would have another purpose. */
const purpose = 'order';
const keyIdLength = 8;
const form =
  /^OrderLink (v1\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([a-z]{1,20})\.([0-9]{1,12})\.([A-Za-z0-9_-]{8}))\.([A-Za-z0-9_-]{43})$/;

/** The links of an installation. With another internal token all links made before are void. */
export function createOrderLinks(internal_token: string): OrderLinks {
  const keys = platformKeys(internal_token);
  const key = keys.orderLinkKey();
  const key_id = hash('sha256', key, 'base64url').slice(0, keyIdLength);
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return {
    sign(order_id, expires_at_ms) {
      const signed = `v1.${order_id}.${purpose}.${Math.floor(expires_at_ms / 1_000)}.${key_id}`;
      return `${signed}.${digest(signed).toString('base64url')}`;
    },
    orderOf(authorization, now_ms) {
      const [, signed, order_id, for_what, expires_s, signed_by, signature] = form.exec(authorization ?? '') ?? [];
      if (signed === undefined || signature === undefined) return undefined;
      const given = Buffer.from(signature, 'base64url');
      const expected = digest(signed);
      const genuine = given.length === expected.length && timingSafeEqual(given, expected);
      const isGood = genuine && signed_by === key_id && for_what === purpose && Number(expires_s) * 1_000 > now_ms;
      return isGood ? order_id : undefined;
    },
    addressDigest: (email) => createHmac('sha256', keys.addressKey()).update(emailKey(email)).digest('base64url'),
  };
}

/** Whether a header is of the scheme of links, whatever follows. */
export function showsOrderLink(authorization: string): boolean {
  return authorization.startsWith(`${orderLinkScheme} `);
}
