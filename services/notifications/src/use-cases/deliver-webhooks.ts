/** Posts what is due, each delivery by itself: a slow receiver delays only its own. */
import { timestamp } from '@souk/kernel';
import type { NotificationsContext } from '../context.ts';
import { type AttemptResult, retryAfterMs } from '../domain/webhook.ts';
import { type ClaimedDelivery, claimDeliveries, lockDueWebhooks, releaseDelivery } from '../store/deliveries.ts';
import { signingSecrets } from '../store/webhooks.ts';
import { recordAttempt } from './record-attempt.ts';

/** Longer than an attempt may take, by far: what is not recorded by then is posted again, under the same id. */
const leaseMs = 60_000;
/** Deliveries under way to one webhook. */
const atOnceMax = 4;
const msPerSecond = 1_000;

/** Begins to post what is due and has room; true when something was begun. */
export async function deliverWebhooks(ctx: NotificationsContext): Promise<boolean> {
  const { inFlight } = ctx.webhooks;
  if (!inFlight.present || ctx.stopping.aborted) return false;
  const claimed = await claim(ctx);
  for (const { delivery, sealed } of claimed) {
    inFlight.start(async (signal) => {
      // Whatever fails here leaves the lease, after which it is posted again.
      await deliverOne(ctx, delivery, sealed, signal).catch((error: unknown) =>
        ctx.log.warn({ err: error, event_id: delivery.event_id }, 'what became of a delivery could not be recorded; it is posted again'),
      );
      ctx.wakeJob('deliver-webhooks');
    });
  }
  return claimed.length > 0;
}

interface Claimed {
  delivery: ClaimedDelivery;
  sealed: readonly Uint8Array[];
}

function claim({ db, clock }: NotificationsContext): Promise<Claimed[]> {
  const now_ms = clock.now();
  const now = timestamp(now_ms);
  return db.transaction(async (tx) => {
    const due = (await lockDueWebhooks(tx, now)).map(({ id }) => id);
    if (due.length === 0) return [];
    const lease = { now, lease_until: timestamp(now_ms + leaseMs), at_once_max: atOnceMax };
    const [deliveries, secrets] = await Promise.all([claimDeliveries(tx, due, lease), signingSecrets(tx, due, now)]);
    return deliveries.map((delivery) => ({
      delivery,
      sealed: secrets.filter(({ webhook_id }) => webhook_id === delivery.webhook_id).map(({ sealed_secret }) => sealed_secret),
    }));
  });
}

async function deliverOne(
  ctx: NotificationsContext,
  delivery: ClaimedDelivery,
  sealed: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const result = await attempt(ctx, delivery, sealed, signal);
  if (signal.aborted && result.status === null) return releaseDelivery(ctx.db, delivery, timestamp(ctx.clock.now()));
  ctx.metrics.observe('souk_webhook_attempt_seconds', {}, (performance.now() - started) / msPerSecond);
  await recordAttempt(ctx, delivery, result);
}

async function attempt(
  ctx: NotificationsContext,
  { url, event_id, body }: ClaimedDelivery,
  sealed: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { secrets, poster } = ctx.webhooks;
  const timestamp_s = Math.floor(ctx.clock.now() / msPerSecond);
  let signature: string;
  try {
    signature = secrets.sign({ id: event_id, timestamp_s, body }, sealed);
  } catch (error) {
    ctx.log.error({ err: error }, 'a webhook cannot be signed for');
    return { status: null, failure: 'secret_unreadable' };
  }
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Souk-Webhooks/1',
    'webhook-id': event_id,
    'webhook-timestamp': String(timestamp_s),
    'webhook-signature': signature,
  };
  const outcome = await poster.post(url, headers, body, signal);
  if (outcome.status === null) return outcome;
  return { status: outcome.status, retry_after_ms: retryAfterMs(outcome.retry_after, ctx.clock.now()) };
}
