/** Checks a receipt against a key set, without asking the shop: pure but for the cryptography. */
import { createPublicKey, verify } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Receipt, type ReceiptKey, type ReceiptKeySet, receiptType } from '@souk/contracts';

export type ReceiptCheck = { kind: 'genuine'; receipt: Receipt; kid: string } | { kind: 'refused'; why: string };

/** A key may sign for a moment after the next has taken over, and clocks differ. */
const toleranceMs = 180_000;
const indentation = 2;
const parts = 3;
const members = ['jws', 'receipt'];

const refused = (why: string): ReceiptCheck => ({ kind: 'refused', why });

/** `text` is the file as the shop answered it, or indented by two spaces. */
export function checkReceipt(text: string, { keys }: ReceiptKeySet): ReceiptCheck {
  const document = documentOf(text);
  if (document === undefined) return refused('it is not a receipt: JSON with the members receipt and jws, as the shop answers it');
  const { receipt, jws } = document;
  const pieces = jws.split('.').map(decoded);
  const [header, payload, signature] = pieces;
  if (pieces.length !== parts || !header || !payload || !signature) return refused('its signature is not one of a receipt');
  const { alg, typ, kid } = membersOf(header.toString('utf8'));
  if (alg !== 'EdDSA' || typ !== receiptType || typeof kid !== 'string') return refused('its signature is not one of a receipt');
  const key = keys.find((one) => one.kid === kid);
  if (!key) return refused(`it is signed with the key ${kid}, which is not in the key set`);
  if (!isSignedBy(key, jws, signature)) return refused('its signature is wrong: it was altered, or not signed by the shop');
  const signed = jsonOf(payload.toString('utf8'));
  if (!isDeepStrictEqual(signed, receipt)) return refused('what it says is not what was signed: it was altered');
  if (!isWithin(key, receipt.issued_at)) return refused(`it says it was issued on ${receipt.issued_at}, when its key did not sign`);
  return { kind: 'genuine', receipt, kid };
}

interface SignedDocument {
  receipt: Receipt;
  jws: string;
}

/** Exactly these members, written in one of two ways, so that no byte of it can differ without being seen. */
function documentOf(text: string): SignedDocument | undefined {
  const value = jsonOf(text);
  if (typeof value !== 'object' || value === null || !isDeepStrictEqual(Object.keys(value).sort(), members)) return undefined;
  const document = value as SignedDocument;
  if (typeof document.jws !== 'string' || typeof document.receipt !== 'object' || document.receipt === null) return undefined;
  const written = text.endsWith('\n') ? text.slice(0, -1) : text;
  return [JSON.stringify(value), JSON.stringify(value, null, indentation)].includes(written) ? document : undefined;
}

/** The bytes of a part in base64url; undefined where it is not written in its one canonical form. */
function decoded(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: no value, which every caller refuses.
    return undefined;
  }
}

function membersOf(text: string): Record<string, unknown> {
  const value = jsonOf(text);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isSignedBy({ kty, crv, x }: ReceiptKey, jws: string, signature: Buffer): boolean {
  try {
    const key = createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
    return verify(null, Buffer.from(jws.slice(0, jws.lastIndexOf('.'))), key, signature);
  } catch {
    // A key set whose key is no key: nothing is signed with it.
    return false;
  }
}

function isWithin({ active_from, retired_at }: ReceiptKey, issued_at: string): boolean {
  const at = Date.parse(issued_at);
  return at >= Date.parse(active_from) - toleranceMs && (retired_at === null || at <= Date.parse(retired_at) + toleranceMs);
}
