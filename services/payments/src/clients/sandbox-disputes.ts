/** What goes wrong with money at the sandbox provider: customers who dispute a charge, and refunds that come back. */
import type { Queryable } from '@souk/postgres';
import type { ProviderDispute, RefundAnswer, WebhookHint } from '../domain/required-interfaces.ts';

/** Tokens of customers who dispute their charge, and how it ends a second later; null: it stays open. */
const disputeEnds: Readonly<Record<string, 'won' | 'lost' | null>> = {
  tok_dispute: null,
  tok_dispute_won: 'won',
  tok_dispute_lost: 'lost',
};
/** The first refund of such a charge is done, and comes back a second later. */
const refundsFailToken = 'tok_refund_fails';

export const disputingTokens: readonly string[] = [...Object.keys(disputeEnds), refundsFailToken];

const evidenceDays = 7;
const failureCode = 'expired_or_canceled_card';

/** Notes what will become of charges that succeeded just now. */
export async function foreseeIncidents(
  db: Queryable,
  charges: readonly { idempotency_key: string; payment_method: string }[],
): Promise<void> {
  const foreseen = charges.filter(({ payment_method }) => disputingTokens.includes(payment_method));
  if (foreseen.length === 0) return;
  await db.query(
    `with failing as (update sandbox.charges set refunds_fail = true where idempotency_key = any($3::uuid[]))
     insert into sandbox.disputes (reference, charge_key, amount, currency, state, ends_as, ends_at)
     select 'dp_' || c.idempotency_key, c.idempotency_key, c.amount, c.currency, 'open', w.ends_as,
       case when w.ends_as is not null then clock_timestamp() + interval '1 second' end
     from unnest($1::uuid[], $2::text[]) w (key, ends_as) join sandbox.charges c on c.idempotency_key = w.key
     where c.status = 'succeeded' and c.amount > 0 on conflict do nothing`,
    [
      ...disputed(foreseen),
      foreseen.filter(({ payment_method }) => payment_method === refundsFailToken).map(({ idempotency_key }) => idempotency_key),
    ],
  );
}

function disputed(foreseen: readonly { idempotency_key: string; payment_method: string }[]): [string[], (string | null)[]] {
  const all = foreseen.filter(({ payment_method }) => Object.hasOwn(disputeEnds, payment_method));
  return [all.map(({ idempotency_key }) => idempotency_key), all.map(({ payment_method }) => disputeEnds[payment_method] ?? null)];
}

/** Lets disputes end and refunds come back whose time has come. */
async function passTime(db: Queryable): Promise<void> {
  await db.query(
    `with ended as (
       update sandbox.disputes set state = ends_as, updated_at = clock_timestamp() where state = 'open' and ends_at <= clock_timestamp()
     ), back as (
       update sandbox.refunds set failed = true where fails_at <= clock_timestamp() and not failed returning charge_key, amount
     )
     update sandbox.charges c set refunded = c.refunded - b.amount, updated_at = clock_timestamp()
     from (select charge_key, sum(amount)::bigint amount from back group by 1) b where c.idempotency_key = b.charge_key`,
  );
}

interface DisputeRow {
  reference: string;
  payment_id: string;
  state: 'open' | 'won' | 'lost';
  amount: number;
  currency: string;
  opened_at_ms: number;
}

export async function findSandboxDispute(db: Queryable, reference: string): Promise<ProviderDispute | undefined> {
  await passTime(db);
  const [row] = await db.query<DisputeRow>(
    `select reference, charge_key payment_id, state, amount, currency, (date_part('epoch', created_at) * 1000)::bigint opened_at_ms
     from sandbox.disputes where reference = $1`,
    [reference],
  );
  if (row === undefined) return undefined;
  const evidence_due_ms = row.state === 'open' ? row.opened_at_ms + evidenceDays * 86_400_000 : null;
  return { ...row, reason: 'fraudulent', evidence_due_ms };
}

/** Undefined where no refund was made under the key. */
export async function findSandboxRefund(db: Queryable, key: string): Promise<RefundAnswer | undefined> {
  await passTime(db);
  const [row] = await db.query<{ failed: boolean }>('select failed from sandbox.refunds where idempotency_key = $1', [key]);
  return row && refundAnswer(row.failed);
}

export function refundAnswer(failed: boolean): RefundAnswer {
  return failed ? { status: 'failed', code: failureCode } : { status: 'done' };
}

export async function reportedBySandbox(db: Queryable, since_ms: number): Promise<WebhookHint[]> {
  await passTime(db);
  const disputes = await db.query<{ reference: string }>(
    'select reference from sandbox.disputes where updated_at >= to_timestamp($1::float8 / 1000) order by updated_at limit 1000',
    [since_ms],
  );
  const refunds = await db.query<{ idempotency_key: string }>(
    'select idempotency_key from sandbox.refunds where fails_at >= to_timestamp($1::float8 / 1000) and failed order by fails_at limit 1000',
    [since_ms],
  );
  return [
    ...disputes.map(({ reference }) => ({ about: 'dispute' as const, reference })),
    ...refunds.map(({ idempotency_key }) => ({ about: 'refund' as const, idempotency_key })),
  ];
}
