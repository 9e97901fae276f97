import { isPassing, type OrderSummary, refusal } from '@souk/contracts';
import { backoffMs, beginningOf, mapBounded, timestamp } from '@souk/kernel';
import { traced } from '@souk/telemetry/tracing';
import { findLink } from '../clients/secret-link.ts';
import type { NotificationsContext } from '../context.ts';
import type { PendingNotification } from '../domain/compose.ts';
import { failureCodeOf } from '../domain/failures.ts';
import { orderContent, wantsOrder, withOrder } from '../domain/order-content.ts';
import { isStillToSend, type SendOutcome, saveOutcomes } from '../store/notifications.ts';

const retryMostMs = 3_600_000;
const failureLengthMax = 300;
const attemptsForContent = 3;

/** Sends each message once and writes down what came of it, all in one statement. */
export async function sendBatch(ctx: NotificationsContext, rows: readonly PendingNotification[]): Promise<void> {
  const contents = await contentsOf(ctx, rows);
  const results = await mapBounded(rows, ctx.config.send_concurrency, (row) => sendOne(ctx, row, contents));
  const outcomes = results.flatMap((outcome) => outcome ?? []);
  if (outcomes.length === 0) return;
  await saveOutcomes(ctx.db, outcomes, timestamp(ctx.clock.now()));
  for (const outcome of outcomes) ctx.metrics.count('souk_notifications_total', { outcome: outcome.status });
}

/** By order; undefined where they could not be read. */
type Contents = ReadonlyMap<string, OrderSummary> | undefined;

/** What the orders of messages hold is asked for when the messages leave, for all of them at once: so it is in no event. */
async function contentsOf(ctx: NotificationsContext, rows: readonly PendingNotification[]): Promise<Contents> {
  const order_ids = new Set(rows.flatMap(({ order_id, body }) => (order_id !== null && wantsOrder(body) ? order_id : [])));
  if (order_ids.size === 0) return new Map();
  try {
    return await ctx.findOrderSummaries([...order_ids]);
  } catch (error) {
    ctx.log.warn({ err: error, orders: order_ids.size }, 'what orders hold could not be read for messages about them');
    return undefined;
  }
}

/** A message with what its order holds. While that cannot be read it waits a few attempts; then it leaves without. */
function complete(ctx: NotificationsContext, row: PendingNotification, contents: Contents): Pick<PendingNotification, 'body' | 'html'> {
  if (row.order_id === null || !wantsOrder(row.body)) return row;
  if (contents === undefined && row.attempts < attemptsForContent)
    throw refusal('service_unavailable', 'What the order holds is not known yet.');
  const summary = contents?.get(row.order_id);
  return withOrder(row, summary && ctx.renderOrder(row.locale, orderContent(summary, row.locale)));
}

/** Text between tags or in an attribute. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Undefined: it is not to be sent any more. A message may have waited here while its recipient was erased, so that is asked last. */
async function sendOne(ctx: NotificationsContext, row: PendingNotification, contents: Contents): Promise<SendOutcome | undefined> {
  const attributes = { 'souk.notification_id': row.id, 'souk.event_type': row.event_type, 'souk.attempt': row.attempts + 1 };
  const start = { kind: 'client', parent: row.traceparent ?? undefined, attributes } as const;
  try {
    return await traced(ctx.tracer, `send ${row.channel}`, start, (span) => sendNow(ctx, row, contents, span?.traceparent));
  } catch (error) {
    return failed(ctx, row, error as Error);
  }
}

async function sendNow(
  ctx: NotificationsContext,
  row: PendingNotification,
  contents: Contents,
  traceparent: string | undefined,
): Promise<SendOutcome | undefined> {
  const sender = ctx.senders[row.channel];
  const link = await findLink(ctx, row, traceparent);
  const kept = complete(ctx, row, contents);
  const body = link === undefined ? kept.body : kept.body.replace('(link)', link);
  const html = link === undefined ? kept.html : (kept.html?.replaceAll('(link)', escapeHtml(link)) ?? null);
  if (!(await isStillToSend(ctx.db, row))) return undefined;
  await sender.send({ id: row.id, recipient: row.recipient, subject: row.subject, body, html, order_id: row.order_id });
  return {
    id: row.id,
    status: 'sent',
    failure_code: null,
    failure: null,
    next_attempt_at: timestamp(ctx.clock.now()),
    body: sender.captures && link !== undefined ? body : kept.body === row.body ? null : kept.body,
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
