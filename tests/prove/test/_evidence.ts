/** A small run in which everything held; each test breaks one thing of it. */
import type { EndState } from '../src/end-state.ts';
import type { Evidence } from '../src/evidence.ts';
import type { Exchange, OrderRequest, ParcelRequest, SeenOrder } from '../src/history.ts';

export const scarceId = 'product-scarce';

const seen = (id: string, status: string, version: number): SeenOrder => ({
  id,
  user_id: 'user-1',
  status,
  version,
  total_amount: 20,
  currency: 'EUR',
  cancel_reason: status === 'cancelled' ? 'customer_request' : null,
  items: [{ product_id: scarceId, quantity: 2, price: 10 }],
});

export function placed(id: string, more: Partial<OrderRequest> = {}): OrderRequest {
  return {
    asked: 'order',
    client: 'buyer 1',
    user_id: 'user-1',
    order: `order ${id}`,
    key: `key-${id}`,
    lines: [{ product_id: scarceId, quantity: 2 }],
    payment_method: 'tok_visa',
    promotion_code: undefined,
    sent_at: 0,
    answered_at: 10,
    status: 201,
    code: undefined,
    answer: seen(id, 'pending', 1),
    ...more,
  };
}

export function seenAt(id: string, status: string, version: number, at: number): Exchange {
  return {
    asked: 'read',
    client: 'buyer 1',
    order_id: id,
    sent_at: at,
    answered_at: at + 5,
    status: 200,
    code: undefined,
    answer: seen(id, status, version),
  };
}

export function parcelOf(order_id: string, id: string, quantity: number): ParcelRequest {
  return {
    asked: 'parcel',
    client: 'staff',
    order_id,
    key: `parcel-${id}`,
    sent_at: 50,
    answered_at: 60,
    status: 201,
    code: undefined,
    answer_parcel: { id, items: [{ product_id: scarceId, quantity }] },
  };
}

const order = (id: string, status: string, version: number) => ({
  id,
  user_id: 'user-1',
  status,
  version,
  total_amount: 2_000,
  currency: 'EUR',
  cancel_reason: status === 'cancelled' ? 'customer_request' : null,
  lasted_s: 5,
  unsent_pieces: status === 'shipped' ? 0 : null,
  items: [{ product_id: scarceId, quantity: 2, line_total: 2_000, paid: null }],
  discounts: [],
});

const steps = (order_id: string, ...statuses: string[]) =>
  statuses.map((to_status, index) => ({ order_id, version: index + 1, to_status }));

export type Broken = Evidence & { exchanges: Exchange[]; end: { [Part in keyof EndState]: EndState[Part][number][] } };

/** `kept` is confirmed, `sent` is shipped, `gone` was cancelled after it was paid. */
export function evidence(): Broken {
  return {
    exchanges: [placed('kept'), placed('sent'), placed('gone'), seenAt('kept', 'confirmed', 3, 100), parcelOf('sent', 'parcel-1', 2)],
    end: {
      orders: [order('kept', 'confirmed', 3), order('sent', 'shipped', 4), order('gone', 'cancelled', 4)],
      history: [
        ...steps('kept', 'pending', 'awaiting_payment', 'confirmed'),
        ...steps('sent', 'pending', 'awaiting_payment', 'confirmed', 'shipped'),
        ...steps('gone', 'pending', 'awaiting_payment', 'confirmed', 'cancelled'),
      ],
      charges: [
        { order_id: 'kept', charges: 1, charged: 2_000, refunded: 0, refunds: [] },
        { order_id: 'sent', charges: 1, charged: 2_000, refunded: 0, refunds: [] },
        { order_id: 'gone', charges: 1, charged: 2_000, refunded: 2_000, refunds: [{ key: 'refund-gone', amount: 2_000 }] },
      ],
      stock: [{ product_id: scarceId, on_hand: 2, reserved: 2, adjusted: 0, shipped: 2, returned: 0 }],
      reservations: [],
      parcels: [{ id: 'parcel-1', order_id: 'sent', items: [{ product_id: scarceId, quantity: 2 }] }],
      returns: [],
      redemptions: [],
    },
    stock: new Map([[scarceId, 4]]),
    sold_out: scarceId,
    prices: new Map([[scarceId, 1_000]]),
    code: undefined,
    used_up: false,
  };
}

/** Order `kept` was bought with the code, which is used up by it. */
export function withCode(of = evidence()): Broken {
  const [asked] = of.exchanges;
  const [kept] = of.end.orders;
  const answered = { total_amount: 17.5, totals: { discounts: [{ code: 'HOT', amount: 2.5 }] } };
  Object.assign(asked as object, { promotion_code: 'HOT', answer: { ...seen('kept', 'pending', 1), ...answered } });
  const items = [{ product_id: scarceId, quantity: 2, line_total: 2_000, paid: 1_750 }];
  Object.assign(kept as object, { total_amount: 1_750, discounts: [{ code: 'HOT', amount: 250 }], items });
  Object.assign(of.end.charges[0] as object, { charged: 1_750 });
  of.end.redemptions.push({ order_id: 'kept', code_key: 'HOT', state: 'held' });
  return Object.assign(of, { code: { code: 'HOT', uses: 1, part: 125_000 }, used_up: true });
}

/** One piece of order `sent` has come back, is sold again and was paid for. */
export function withReturn(of = evidence()): Broken {
  const items = [{ product_id: scarceId, quantity: 1, restock: 1, write_off: 0, from: 0 }];
  const refund = { refund_id: 'refund-1', items_amount: 1_000, shipping_amount: 0, deduction: 0, amount: 1_000 };
  of.end.returns.push({ id: 'return-1', order_id: 'sent', state: 'refunded', items, refund });
  Object.assign(of.end.charges[1] as object, { refunded: 1_000, refunds: [{ key: 'refund-1', amount: 1_000 }] });
  Object.assign(of.end.stock[0] as object, { on_hand: 3, returned: 1 });
  const about = { client: 'staff', order_id: 'sent', sent_at: 200, answered_at: 210, code: undefined } as const;
  const seen_items = structuredClone(items);
  const answered = { id: 'return-1', state: 'refunding', items: seen_items, refund: { refund_id: 'refund-1', amount: 10 } };
  of.exchanges.push(
    {
      ...about,
      asked: 'return',
      key: 'return-key',
      status: 201,
      answer_return: { ...answered, refund: null, items: seen_items.map((item) => ({ ...item, restock: 0 })) },
    },
    { ...about, asked: 'refund_return', return_id: 'return-1', status: 200, answer_return: answered },
  );
  // Buyers were not refused what came back.
  return Object.assign(of, { sold_out: undefined });
}
