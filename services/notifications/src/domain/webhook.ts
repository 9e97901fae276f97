/** What becomes of a delivery and of its webhook after an attempt. Pure: time and chance come in. */
import type { Delivery, Webhook } from '@souk/contracts';

/** A webhook as it is stored. */
export interface StoredWebhook extends Webhook {
  slow_level: number;
}

/** What came of one attempt: the status of the answer, or why there was none. Of an answer nothing else is kept. */
export type AttemptResult =
  | { status: number; retry_after_ms: number | null }
  | { status: null; failure: Exclude<Delivery['last_failure'], null> };

export interface DeliveryChange {
  status: Delivery['status'];
  attempts: number;
  next_attempt_at_ms: number;
  last_status: number | null;
  last_failure: Delivery['last_failure'];
}

export interface WebhookChange {
  status: Webhook['status'];
  disabled_reason: Webhook['disabled_reason'];
  failing_since_ms: number;
  slow_level: number;
  /** Null: it is not held. */
  held_until_ms: number | null;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
/** Waits before the attempts after the first, as Standard Webhooks recommends them: 75 hours in all. */
export const retryWaitsMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];
const jitterShare = 0.1;
const retryAfterMostMs = 24 * hour;
/** So long without one success, and the webhook is disabled. */
export const failingMostMs = 5 * 24 * hour;
const slowFirstMs = 5 * second;
const slowMostMs = 10 * minute;
const slowLevelMax = 8;

const gone = 410;
/** The receiver, or what stands before it, asks for less. */
const slowing: ReadonlySet<number | null> = new Set([429, 502, 504]);

/** Only 2xx is a success; a redirect is none. */
export function isSuccess({ status }: AttemptResult): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** What the delivery is after an attempt, `attempts` before it. */
export function deliveryAfter(attempts: number, result: AttemptResult, now_ms: number, random: number): DeliveryChange {
  const last_failure = result.status === null ? result.failure : 'status_refused';
  const base = { attempts: attempts + 1, last_status: result.status, next_attempt_at_ms: now_ms };
  if (isSuccess(result)) return { ...base, status: 'delivered', last_failure: null };
  const wait_ms = retryWaitsMs[attempts];
  if (wait_ms === undefined) return { ...base, status: 'failed', last_failure };
  const asked_ms = result.status === null ? 0 : Math.min(result.retry_after_ms ?? 0, retryAfterMostMs);
  const jittered_ms = Math.max(wait_ms, asked_ms) * (1 + jitterShare * random);
  return { ...base, status: 'pending', last_failure, next_attempt_at_ms: now_ms + Math.ceil(jittered_ms) };
}

/** What the webhook is after a failed attempt. */
export function webhookAfterFailure(
  webhook: Pick<StoredWebhook, 'status' | 'disabled_reason' | 'slow_level'> & { failing_since_ms: number | null },
  result: AttemptResult,
  now_ms: number,
): WebhookChange {
  const failing_since_ms = webhook.failing_since_ms ?? now_ms;
  const { status, disabled_reason, slow_level } = webhook;
  const same = { status, disabled_reason, failing_since_ms, slow_level, held_until_ms: null };
  if (status !== 'active') return same;
  if (result.status === gone) return { ...same, status: 'disabled', disabled_reason: 'gone' };
  if (now_ms - failing_since_ms >= failingMostMs) return { ...same, status: 'disabled', disabled_reason: 'failing' };
  if (!slowing.has(result.status)) return same;
  const level = Math.min(slow_level + 1, slowLevelMax);
  const asked_ms = result.status === null ? 0 : Math.min(result.retry_after_ms ?? 0, hour);
  const held_ms = Math.max(asked_ms, Math.min(slowMostMs, slowFirstMs * 2 ** (level - 1)));
  return { ...same, slow_level: level, held_until_ms: now_ms + held_ms };
}

/** Parsers of dates read much else as well. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** `Retry-After` in milliseconds: seconds, or a date; null where there is none that can be read. */
export function retryAfterMs(header: string | undefined, now_ms: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * second;
  const at_ms = httpDate.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at_ms) ? null : Math.max(0, at_ms - now_ms);
}
