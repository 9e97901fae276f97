/**
 * Webhooks of the sandbox provider, signed as the well-known providers do: `Souk-Signature: t=<unix seconds>,v1=<hex>`
 * with HMAC-SHA256 over `<t>.<body>`. An old signature is refused, so that a recorded webhook cannot be sent for ever.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { refusal } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import type { WebhookHint } from '../domain/required-interfaces.ts';

const toleranceMs = 5 * 60_000;
const referencePattern = /^dp_[\w-]{1,100}$/;
const signaturePattern = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

/** The header that makes a body genuine. */
export function signSandboxWebhook(body_text: string, secret: string, now_ms: number): string {
  const seconds = Math.floor(now_ms / 1_000);
  return `t=${seconds},v1=${digest(body_text, secret, String(seconds)).toString('hex')}`;
}

export interface ReceivedWebhook {
  body_text: string;
  signature: string | undefined;
  secret: string | undefined;
  now_ms: number;
}

/** What a genuine webhook hints at; null for one that is about nothing known here. Throws `signature_invalid`. */
export function verifySandboxWebhook({ body_text, signature, secret, now_ms }: ReceivedWebhook): WebhookHint | null {
  const [, seconds = '', hex = ''] = signaturePattern.exec(signature ?? '') ?? [];
  if (secret === undefined || hex === '') throw refusal('signature_invalid');
  if (!timingSafeEqual(digest(body_text, secret, seconds), Buffer.from(hex, 'hex'))) throw refusal('signature_invalid');
  if (Math.abs(now_ms - Number(seconds) * 1_000) > toleranceMs) throw refusal('signature_invalid', 'The signature is too old.');
  return hintOf(JSON.parse(body_text) as { type?: unknown; idempotency_key?: unknown; reference?: unknown } | null);
}

const subjects: Readonly<Record<string, 'payment' | 'refund'>> = {
  ...{ 'charge.succeeded': 'payment', 'charge.failed': 'payment', 'refund.failed': 'refund' },
};

function hintOf(event: { type?: unknown; idempotency_key?: unknown; reference?: unknown } | null): WebhookHint | null {
  if (event === null || typeof event.type !== 'string') return null;
  const { type, idempotency_key, reference } = event;
  if (type.startsWith('dispute.') && typeof reference === 'string' && referencePattern.test(reference))
    return { about: 'dispute', reference };
  const about = subjects[type];
  return about !== undefined && typeof idempotency_key === 'string' && isUuid(idempotency_key) ? { about, idempotency_key } : null;
}

function digest(body_text: string, secret: string, seconds: string): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.${body_text}`).digest();
}
