import { isPassing } from '@souk/contracts';
import { backoffMs, beginningOf, mapBounded, timestamp } from '@souk/kernel';
import { traced } from '@souk/telemetry/tracing';
import { findSecretLink } from '../clients/secret-link.ts';
import type { NotificationsContext } from '../context.ts';
import type { PendingNotification } from '../domain/compose.ts';
import { failureCodeOf } from '../domain/failures.ts';
import { isStillToSend, type SendOutcome, saveOutcomes } from '../store/notifications.ts';

const retryMostMs = 3_600_000;
const failureLengthMax = 300;

/** Sends each message once and writes down what came of it, all in one statement. */
export async function sendBatch(ctx: NotificationsContext, rows: readonly PendingNotification[]): Promise<void> {
  const results = await mapBounded(rows, ctx.config.send_concurrency, (row) => sendOne(ctx, row));
  const outcomes = results.flatMap((outcome) => outcome ?? []);
  if (outcomes.length === 0) return;
  await saveOutcomes(ctx.db, outcomes, timestamp(ctx.clock.now()));
  for (const outcome of outcomes) ctx.metrics.count('souk_notifications_total', { outcome: outcome.status });
}

/** Undefined: it is not to be sent any more. A message may have waited here while its recipient was erased, so that is asked last. */
async function sendOne(ctx: NotificationsContext, row: PendingNotification): Promise<SendOutcome | undefined> {
  const attributes = { 'souk.notification_id': row.id, 'souk.event_type': row.event_type, 'souk.attempt': row.attempts + 1 };
  const start = { kind: 'client', parent: row.traceparent ?? undefined, attributes } as const;
  try {
    return await traced(ctx.tracer, `send ${row.channel}`, start, (span) => sendNow(ctx, row, span?.traceparent));
  } catch (error) {
    return failed(ctx, row, error as Error);
  }
}

async function sendNow(
  ctx: NotificationsContext,
  row: PendingNotification,
  traceparent: string | undefined,
): Promise<SendOutcome | undefined> {
  const sender = ctx.senders[row.channel];
  const link = row.token_id === null ? undefined : await findSecretLink(ctx, row.token_id, traceparent);
  const body = link === undefined ? row.body : row.body.replace('(link)', link);
  if (!(await isStillToSend(ctx.db, row))) return undefined;
  await sender.send({ id: row.id, recipient: row.recipient, subject: row.subject, body });
  return {
    id: row.id,
    status: 'sent',
    failure_code: null,
    failure: null,
    next_attempt_at: timestamp(ctx.clock.now()),
    body: sender.captures && link !== undefined ? body : null,
  };
}

function failed(ctx: NotificationsContext, row: PendingNotification, error: Error): SendOutcome {
  const attempts = row.attempts + 1;
  const over = !isPassing(error) || attempts >= ctx.config.send_attempts_max;
  ctx.log.warn(
    { err: error, notification_id: row.id, attempts },
    over ? 'a message has failed' : 'a message could not be sent; it is tried again',
  );
  const wait_ms = backoffMs(attempts - 1, ctx.config.send_retry_first_ms, retryMostMs);
  const next_attempt_at = timestamp(ctx.clock.now() + wait_ms);
  return {
    id: row.id,
    status: over ? 'failed' : 'pending',
    failure_code: failureCodeOf(error),
    failure: failureText(error),
    next_attempt_at,
    body: null,
  };
}

/** For staff: the first line of what was answered, shortened. */
function failureText(error: Error): string {
  return beginningOf(error.message.split('\n')[0] ?? '', failureLengthMax);
}
