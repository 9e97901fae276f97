/** SQL of the tables webhooks and webhook_secrets. */
import type { Queryable, Tx } from '@souk/postgres';
import type { StoredWebhook, WebhookChange } from '../domain/webhook.ts';

const columns = `id, url, description, event_types, status, disabled_reason, failing_since, last_success_at, version, created_by, created_at,
  updated_at, slow_level`;

/** All changes of webhooks as a whole wait for each other, so that their limit holds. */
export async function lockWebhookList(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(7_710_104)');
}

/** Whether there are webhooks, and whether there is anything left of some. */
export async function webhooksPresent(db: Queryable): Promise<{ webhooks: boolean; deliveries: boolean }> {
  const [row] = await db.query<{ webhooks: boolean; deliveries: boolean }>(
    'select exists (select from webhooks) webhooks, exists (select from deliveries) deliveries',
  );
  return row ?? { webhooks: false, deliveries: false };
}

export async function countWebhooks(db: Queryable): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::int n from webhooks');
  return row?.n ?? 0;
}

type NewWebhook = Pick<StoredWebhook, 'id' | 'url' | 'description' | 'event_types' | 'created_by' | 'created_at'>;

export async function insertWebhook(
  tx: Tx,
  { id, url, description, event_types, created_by, created_at }: NewWebhook,
): Promise<StoredWebhook> {
  const [row] = await tx.query<StoredWebhook>(
    `insert into webhooks (id, url, description, event_types, status, version, created_by, created_at, updated_at)
     values ($1, $2, $3, $4, 'active', 1, $5, $6, $6) returning ${columns}`,
    [id, url, description, event_types, created_by, created_at],
  );
  return row as StoredWebhook;
}

/** Newest first: ids grow with time. */
export function listWebhooks(db: Queryable, page: { before: string | undefined; skip: number; limit: number }): Promise<StoredWebhook[]> {
  return db.query<StoredWebhook>(`select ${columns} from webhooks where $1::uuid is null or id < $1 order by id desc offset $2 limit $3`, [
    page.before ?? null,
    page.skip,
    page.limit,
  ]);
}

export async function findWebhook(db: Queryable, id: string): Promise<StoredWebhook | undefined> {
  const [row] = await db.query<StoredWebhook>(`select ${columns} from webhooks where id = $1`, [id]);
  return row;
}

export async function lockWebhook(tx: Tx, id: string): Promise<StoredWebhook | undefined> {
  const [row] = await tx.query<StoredWebhook>(`select ${columns} from webhooks where id = $1 for update`, [id]);
  return row;
}

/** What an administrator changes. Where it becomes active, what it had failed at is forgotten. */
export async function saveWebhook(
  tx: Tx,
  { id, url, description, event_types, status }: Pick<StoredWebhook, 'id' | 'url' | 'description' | 'event_types' | 'status'>,
  now: string,
): Promise<StoredWebhook> {
  await tx.query(
    `update webhooks set url = $2, description = $3, event_types = $4, status = $5, version = version + 1, updated_at = $6,
       disabled_reason = case when $5 = 'disabled' then disabled_reason end, notice_due = notice_due and $5 = 'disabled',
       failing_since = case when $5 = 'active' and status <> 'active' then null else failing_since end,
       slow_level = case when $5 = 'active' and status <> 'active' then 0 else slow_level end,
       held_until = case when $5 = 'active' and status <> 'active' then null else held_until end
     where id = $1`,
    [id, url, description, event_types, status, now],
  );
  return (await findWebhook(tx, id)) as StoredWebhook;
}

export async function removeWebhook(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from webhooks where id = $1', [id]);
}

export async function insertSecret(tx: Tx, id: string, webhook_id: string, sealed_secret: Uint8Array): Promise<void> {
  await tx.query('insert into webhook_secrets (id, webhook_id, sealed_secret) values ($1, $2, $3)', [id, webhook_id, sealed_secret]);
}

/** The secret so far signs until then; how many sign now. */
export async function endSecret(tx: Tx, webhook_id: string, times: { now: string; until: string }): Promise<number> {
  await tx.query('update webhook_secrets set signs_until = $2 where webhook_id = $1 and signs_until is null', [webhook_id, times.until]);
  const [row] = await tx.query<{ n: number }>('select count(*)::int n from webhook_secrets where webhook_id = $1 and signs_until > $2', [
    webhook_id,
    times.now,
  ]);
  return row?.n ?? 0;
}

/** What signs for these webhooks, the newest secret first. */
export function signingSecrets(
  db: Queryable,
  webhook_ids: readonly string[],
  now: string,
): Promise<{ webhook_id: string; sealed_secret: Uint8Array }[]> {
  return db.query<{ webhook_id: string; sealed_secret: Uint8Array }>(
    `select webhook_id, sealed_secret from webhook_secrets
     where webhook_id = any($1::uuid[]) and (signs_until is null or signs_until > $2) order by id desc`,
    [webhook_ids, now],
  );
}

export async function removeEndedSecrets(db: Queryable, now: string): Promise<void> {
  await db.query('delete from webhook_secrets where signs_until <= $1', [now]);
}

/** A success; written at most once a minute where it changes nothing else. */
export async function noteSuccess(tx: Tx, id: string, times: { now: string; minute_ago: string }): Promise<void> {
  await tx.query(
    `update webhooks set last_success_at = $2, failing_since = null, slow_level = 0, held_until = null
     where id = $1 and (failing_since is not null or slow_level > 0 or last_success_at is null or last_success_at < $3)`,
    [id, times.now, times.minute_ago],
  );
}

type FailureNote = Omit<WebhookChange, 'failing_since_ms' | 'held_until_ms'> & { failing_since: string; held_until: string | null };

/** A failure; with it the webhook may be disabled, of which administrators are to be written. */
export async function noteFailure(tx: Tx, id: string, change: FailureNote, now: string): Promise<void> {
  await tx.query(
    `update webhooks set failing_since = $2, slow_level = $3, held_until = greatest(held_until, $4), disabled_reason = $6,
       notice_due = notice_due or ($5 = 'disabled' and status <> 'disabled'),
       version = case when status = $5 then version else version + 1 end,
       updated_at = case when status = $5 then updated_at else $7 end, status = $5
     where id = $1`,
    [id, change.failing_since, change.slow_level, change.held_until, change.status, change.disabled_reason, now],
  );
}

export interface DisabledWebhook {
  id: string;
  url: string;
  disabled_reason: string | null;
  version: number;
}

/** Those of which administrators are still to be written. */
export function disabledUnannounced(db: Queryable): Promise<DisabledWebhook[]> {
  return db.query<DisabledWebhook>('select id, url, disabled_reason, version from webhooks where notice_due order by id limit 50');
}

/** True for one of the processes that do it at the same time. */
export async function takeNotice(tx: Tx, { id, version }: Pick<DisabledWebhook, 'id' | 'version'>): Promise<boolean> {
  const rows = await tx.query('update webhooks set notice_due = false where id = $1 and version = $2 and notice_due returning id', [
    id,
    version,
  ]);
  return rows.length > 0;
}
