/** Carts, orders and receipts as shops of all kinds give rise to them. */
import type { Order, OrderTransition, Quote, Receipt } from '@souk/contracts';
import type { CartView, CheckoutFields, CheckoutView, OrderView, ShownOrder, ShownReturn } from '../src/buying-views.ts';
import { aProduct, frameOf, type Shop } from './_views.ts';

const at = (minute: number): string => `2026-11-30T13:${String(minute).padStart(2, '0')}:00.000Z`;

function linesOf({ products, variants }: Shop) {
  return [...products, ...variants].slice(0, 50).map((product, index) => ({ product, quantity: index + 1 }));
}

export function aQuote(shop: Shop, change: Partial<Quote> = {}): Quote {
  const lines = linesOf(shop).map(({ product, quantity }) => ({
    product_id: product.id,
    sku: product.sku,
    name: product.name,
    quantity,
    price: product.price,
    line_total: product.price,
    tax: 0,
    paid: product.price,
    shipping: 0,
  }));
  const name = shop.variants[0]?.name.slice(0, 40) ?? 'VAT';
  return {
    lines,
    shipping_options: [
      { code: 'standard', name, amount: 4.9, days_min: 2, days_max: 4 },
      { code: 'pickup', name: 'Collect it', amount: 0, days_min: 1, days_max: 1 },
    ],
    items_total: 1_234.5,
    shipping_total: 4.9,
    tax_total: 200.03,
    tax_included: true,
    tax_lines: [{ name, rate_percent: 19.975, base: 1_000, amount: 200.03 }],
    shipping_method: { code: 'standard', name },
    total: 1_239.4,
    currency: lines[0] === undefined ? 'EUR' : (shop.products[0]?.currency ?? 'EUR'),
    valid_until: at(59),
    ...change,
  };
}

export function aCartView(shop: Shop, change: Partial<CartView> = {}): CartView {
  const lines = linesOf(shop).map(({ product, quantity }, index) => ({
    product_id: product.id,
    quantity,
    product: index === 1 ? undefined : product,
    pieces: index === 2 ? undefined : index,
    line_total: index === 3 ? undefined : 49.5,
  }));
  return { frame: frameOf(shop, '/cart'), lines, total: aQuote(shop), notice: undefined, ...change };
}

function fieldsOf(text: string): CheckoutFields {
  return {
    email: text,
    full_name: text,
    street: text,
    street2: text,
    city: text,
    state: text,
    postal_code: text,
    country: 'PT',
    phone: text,
    shipping_method: 'pickup',
    payment_method: 'tok_slow',
  };
}

export function aCheckoutView(shop: Shop, change: Partial<CheckoutView> = {}): CheckoutView {
  const { lines } = aCartView(shop);
  return {
    frame: frameOf(shop, '/checkout'),
    cart_key: 'AAECAwQFBgcICQoLDA0ODw:3',
    customer: undefined,
    fields: fieldsOf(shop.variants[0]?.name ?? ''),
    faults: {},
    notice: undefined,
    quote: aQuote(shop),
    lines,
    ...change,
  };
}

export function anOrder(shop: Shop, status: Order['status'], change: Partial<ShownOrder> = {}): ShownOrder {
  const { lines, tax_lines, items_total, shipping_total, tax_total, tax_included, shipping_method, total, currency } = aQuote(shop);
  const text = shop.variants[0]?.name ?? 'x';
  return {
    id: '0198c5a4-7be2-7f19-93c4-00000000abcd',
    order_number: 'S-1042',
    status,
    items: lines,
    total_amount: total,
    currency,
    totals: { items_total, shipping_total, tax_total, tax_included, tax_lines, shipping_method },
    cancel_reason: status === 'cancelled' ? 'payment_declined' : null,
    carrier: status === 'shipped' ? text : null,
    tracking_number: status === 'shipped' ? text : null,
    created_at: at(0),
    shipping_address: { full_name: text, street: text, city: text, postal_code: '1100-148', country: 'PT' },
    ...change,
  };
}

const line = (sequence: number, from: Order['status'] | null, to: Order['status'], cause: string): OrderTransition => ({
  sequence,
  version: sequence,
  from,
  to,
  at: at(sequence),
  cause,
  cause_id: null,
  actor: 'system',
  note: null,
});
export const fullHistory: readonly OrderTransition[] = [
  line(1, null, 'pending', 'order.created'),
  line(2, 'pending', 'awaiting_payment', 'inventory.reserved'),
  line(3, 'awaiting_payment', 'awaiting_payment', 'payment.action_required'),
  line(4, 'awaiting_payment', 'confirmed', 'payment.processed'),
  line(5, 'confirmed', 'shipped', 'ship_requested'),
  line(6, 'shipped', 'shipped', 'payment.refunded'),
  line(7, 'shipped', 'completed', 'complete_requested'),
];

/** All that was ordered, in two parcels, the first of which has arrived. */
export function parcelsOf({ items }: ShownOrder, text: string): NonNullable<ShownOrder['parcels']> {
  const sent = { carrier: text, tracking_number: text, sent_at: at(5) };
  const pieces = items.map(({ product_id, name, quantity }) => ({ product_id, name, quantity }));
  return [
    {
      id: '0198c5a4-7be2-7f19-93c4-0000000000b1',
      number: 1,
      items: pieces.slice(0, 1),
      ...sent,
      tracking_url: 'https://carrier.example/1',
      delivered_at: at(9),
    },
    { id: '0198c5a4-7be2-7f19-93c4-0000000000b2', number: 2, items: pieces.slice(1), ...sent, tracking_url: null, delivered_at: null },
  ];
}

export function aReturn({ items }: ShownOrder, state: ShownReturn['state'], text: string): ShownReturn {
  const hasArrived = ['received', 'refunding', 'refunded'].includes(state);
  const [one] = items;
  return {
    id: '0198c5a4-7be2-7f19-93c4-0000000000c1',
    number: 'R-1001',
    state,
    items:
      one === undefined
        ? []
        : [{ product_id: one.product_id, name: text, quantity: 1, reason: text, restock: hasArrived ? 1 : 0, write_off: 0 }],
    currency: 'EUR',
    refund: state === 'refunded' ? { refund_id: null, items_amount: 5, shipping_amount: 0, deduction: 0, amount: 5 } : null,
    created_at: at(20),
  };
}

export function anOrderView(shop: Shop, status: Order['status'], change: Partial<OrderView> = {}): OrderView {
  const lines = { pending: 1, awaiting_payment: 3, confirmed: 4, shipped: 5, completed: 7, cancelled: 3 }[status];
  return {
    frame: frameOf(shop, '/orders/x'),
    order: anOrder(shop, status),
    history: fullHistory.slice(0, lines),
    action: undefined,
    money: { captured: 0, refunded: 0 },
    returns: [],
    late: false,
    opened_by: 'session',
    notice: undefined,
    ...change,
  };
}

export function aReceipt(shop: Shop, change: Partial<Receipt> = {}): Receipt {
  const { id, order_number, status, items, total_amount, currency, created_at } = anOrder(shop, 'confirmed');
  const charge = { id: 'ch_1', amount: total_amount, at: at(4) };
  return {
    version: 1,
    issued_at: at(30),
    order: {
      id,
      order_number,
      status,
      cancel_reason: null,
      version: 4,
      placed_at: created_at,
      currency,
      total_amount,
      items: [...items],
    },
    money: { provider: 'sandbox', charged: total_amount, refunded: 5, refund_pending: 1, charges: [charge], refunds: [charge] },
    stock: { state: 'held', pieces: items.map(({ product_id, quantity }) => ({ product_id, quantity })), held_at: at(2) },
    checks: [
      { rule: 'charged_once', statement: shop.variants[0]?.name ?? 'x', outcome: 'holds', found: [], checked_at: at(30) },
      { rule: 'stock_held', statement: 'Held exactly.', outcome: 'open', found: ['x'], checked_at: at(30) },
    ],
    ...change,
  };
}

/** For a line of what is not in the catalogue. */
export const gone = { product_id: aProduct().id, quantity: 1, product: undefined, pieces: undefined, line_total: undefined };
