/** What the databases say when everything has ended, read by SQL of its own while no service runs. Amounts are minor units. */

import { silentLog } from '@souk/kernel';
import { type Database, openDatabase } from '@souk/postgres';

export interface EndOrder {
  id: string;
  user_id: string;
  status: string;
  version: number;
  total_amount: number;
  currency: string;
  cancel_reason: string | null;
  /** From its placing to its last change. */
  lasted_s: number;
  /** Null before anything was sent. */
  unsent_pieces: number | null;
  items: readonly { product_id: string; quantity: number; line_total: number; paid: number | null }[];
  discounts: readonly { code: string | null; amount: number }[];
}

export interface EndParcel {
  id: string;
  order_id: string;
  items: readonly { product_id: string; quantity: number }[];
}

export interface EndReturn {
  id: string;
  order_id: string;
  state: string;
  /** `from`: so many pieces of the product were refunded before these. */
  items: readonly { product_id: string; quantity: number; restock: number; write_off: number; from: number | null }[];
  refund: { refund_id: string | null; items_amount: number; shipping_amount: number; deduction: number; amount: number } | null;
}

/** A use of a promotion. */
export interface EndRedemption {
  order_id: string;
  code_key: string | null;
  state: string;
}

export interface EndHistory {
  order_id: string;
  version: number;
  to_status: string;
}

/** What the provider took and gave back for one order, by its own record. */
export interface EndCharge {
  order_id: string;
  charges: number;
  charged: number;
  refunded: number;
  /** What it gave back, by the keys that it was asked with. */
  refunds: readonly { key: string; amount: number }[];
}

export interface EndStock {
  product_id: string;
  on_hand: number;
  reserved: number;
  /** Sums of the ledger. */
  adjusted: number;
  shipped: number;
  returned: number;
}

export interface EndReservation {
  order_id: string;
  status: string;
}

export interface EndState {
  orders: readonly EndOrder[];
  history: readonly EndHistory[];
  charges: readonly EndCharge[];
  stock: readonly EndStock[];
  reservations: readonly EndReservation[];
  parcels: readonly EndParcel[];
  returns: readonly EndReturn[];
  redemptions: readonly EndRedemption[];
}

export type DatabaseUrls = Readonly<Record<'orders' | 'payments' | 'inventory', string>>;

const connectMs = 20_000;

/** Of a shop that others use as well, only what the proof made. */
export interface OwnParts {
  user_ids: readonly string[];
  product_ids: readonly string[];
  /** Orders that were acknowledged: their charges count even where the orders are gone. */
  order_ids: readonly string[];
}

/** `charged` answers what the provider took and gave back, where its record is not in the database. */
export async function readEndState(urls: DatabaseUrls, own?: OwnParts, charged?: () => EndCharge[]): Promise<EndState> {
  const [orders, payments, inventory] = [open(urls.orders), open(urls.payments), open(urls.inventory)];
  try {
    const found = await orders.query<EndOrder>(
      `select id, user_id, status, version, total_amount::float8 total_amount, currency, cancel_reason, extract(epoch from updated_at - created_at)::float8 lasted_s,
         unsent_pieces, (select json_agg(json_build_object('product_id', i->>'product_id', 'quantity', (i->>'quantity')::int,
           'line_total', (i->>'line_total')::float8, 'paid', (i->>'paid')::float8)) from jsonb_array_elements(items) i) items,
         coalesce(totals->'discounts', '[]') discounts
       from orders where $1::text[] is null or user_id::text = any($1)`,
      [own?.user_ids ?? null],
    );
    const order_ids = own === undefined ? null : [...new Set([...found.map(({ id }) => id), ...own.order_ids])];
    return {
      orders: found,
      ...(await readOrders(orders, order_ids)),
      charges: charged?.() ?? (await readCharges(payments, order_ids)),
      ...(await readInventory(inventory, order_ids, own?.product_ids ?? null)),
    };
  } finally {
    await Promise.all([orders.close(), payments.close(), inventory.close()]);
  }
}

async function readOrders(
  db: Database,
  order_ids: readonly string[] | null,
): Promise<Pick<EndState, 'history' | 'parcels' | 'returns' | 'redemptions'>> {
  const of = (columns: string, table: string): string =>
    `select ${columns} from ${table} where $1::text[] is null or order_id::text = any($1)`;
  return {
    history: await db.query<EndHistory>(of('order_id, version, "to" to_status', 'order_history'), [order_ids]),
    parcels: await db.query<EndParcel>(of('id, order_id, items', 'parcels'), [order_ids]),
    returns: await db.query<EndReturn>(of('id, order_id, state, items, refund', 'returns'), [order_ids]),
    redemptions: await db.query<EndRedemption>(of('order_id, code_key, state', 'redemptions'), [order_ids]),
  };
}

function readCharges(db: Database, order_ids: readonly string[] | null): Promise<EndCharge[]> {
  return db.query<EndCharge>(
    `select reference order_id, count(*)::int charges, sum(amount)::float8 charged, sum(refunded)::float8 refunded,
       (select coalesce(json_agg(json_build_object('key', r.idempotency_key, 'amount', r.amount)), '[]') from sandbox.refunds r
        join sandbox.charges o on o.idempotency_key = r.charge_key where o.reference = c.reference) refunds
     from sandbox.charges c where status = 'succeeded' and ($1::text[] is null or reference::text = any($1)) group by reference`,
    [order_ids],
  );
}

async function readInventory(
  db: Database,
  order_ids: readonly string[] | null,
  product_ids: readonly string[] | null,
): Promise<Pick<EndState, 'stock' | 'reservations'>> {
  return {
    stock: await db.query<EndStock>(
      `select s.product_id, s.on_hand, s.reserved, coalesce(sum(m.on_hand_change) filter (where m.kind = 'adjusted'), 0)::int adjusted,
         coalesce(-sum(m.on_hand_change) filter (where m.kind = 'shipped'), 0)::int shipped,
         coalesce(sum(m.on_hand_change) filter (where m.kind = 'returned'), 0)::int returned
       from stock s left join movements m on m.product_id = s.product_id
       where $1::text[] is null or s.product_id::text = any($1) group by s.product_id, s.on_hand, s.reserved`,
      [product_ids],
    ),
    reservations: await db.query<EndReservation>(
      'select order_id, status from reservations where $1::text[] is null or order_id::text = any($1)',
      [order_ids],
    ),
  };
}

function open(url: string): Database {
  return openDatabase({
    url,
    application_name: 'souk prove',
    pool_max: 1,
    connect_timeout_ms: connectMs,
    statement_timeout_ms: 120_000,
    log: silentLog,
  });
}
