/**
 * Holds what clients saw against what the databases say at the end. It believes no service and knows none of their code: what a client
 * was answered must be true, must have been true at that moment, and must stay so. Pure.
 */
import type { EndCharge, EndOrder, EndReturn } from './end-state.ts';
import { type Evidence, grouped, piecesOf, sum, toMinor, type Violation } from './evidence.ts';
import type { Exchange, OrderRead, OrderRequest, RefundRequest, SeenOrder } from './history.ts';
import { judgeParcels } from './judge-parcels.ts';
import { judgePromotions } from './judge-promotions.ts';
import { judgeReturns, restockedOf } from './judge-returns.ts';

const kept: ReadonlySet<string> = new Set(['confirmed', 'shipped', 'completed']);
const ended: ReadonlySet<string> = new Set([...kept, 'cancelled']);
/** An order waits ten minutes for each answer; a clock is wrong by two minutes at most. */
const deadlineLeastS = 300;

export function judge(evidence: Evidence): Violation[] {
  const orders = new Map(evidence.end.orders.map((order) => [order.id, order]));
  return [
    ...judgeAcknowledged(evidence, orders),
    ...judgeDoubles(evidence),
    ...judgeAnswers(evidence, orders),
    ...judgePromotions(evidence, orders),
    ...judgeParcels(evidence, orders),
    ...judgeReturns(evidence, orders),
    ...judgeStock(evidence),
    ...judgeMoney(evidence),
  ];
}

function judgeAcknowledged({ exchanges, end }: Evidence, orders: ReadonlyMap<string, EndOrder>): Violation[] {
  const violations: Violation[] = [];
  for (const { id, status, cancel_reason, lasted_s } of end.orders) {
    if (!ended.has(status)) violations.push({ rule: 'order_not_ended', sentence: `Order ${id} is still ${status}.` });
    if (cancel_reason?.endsWith('_timeout') === true && lasted_s < deadlineLeastS)
      violations.push({
        rule: 'deadline_early',
        sentence: `Order ${id} was cancelled as ${cancel_reason} after ${Math.round(lasted_s)} s.`,
      });
  }
  for (const request of exchanges) {
    if (request.asked !== 'order' || request.answer === undefined) continue;
    const { answer } = request;
    const order = orders.get(answer.id);
    if (order === undefined)
      violations.push({ rule: 'order_lost', sentence: `Order ${answer.id} was acknowledged to ${request.client} and is not there.` });
    else if (!isAsAsked(request, answer, order))
      violations.push({ rule: 'order_changed', sentence: `Order ${answer.id} is not what ${request.client} asked for and was answered.` });
  }
  return violations;
}

function isAsAsked({ user_id, lines }: OrderRequest, answer: SeenOrder, order: EndOrder): boolean {
  const asked = piecesOf(lines);
  const there = piecesOf(order.items);
  return (
    order.user_id === user_id &&
    order.currency === answer.currency &&
    order.total_amount === toMinor(answer.total_amount) &&
    asked.size === there.size &&
    [...asked].every(([product, quantity]) => there.get(product) === quantity)
  );
}

/** A key stands for one order however often it is sent; without a key each request makes one at most. */
function judgeDoubles({ exchanges, end }: Evidence): Violation[] {
  const violations: Violation[] = [];
  const possible = new Map<string, number>();
  const more = (user_id: string): void => void possible.set(user_id, (possible.get(user_id) ?? 0) + 1);
  const ids = new Map<string, Set<string>>();
  for (const request of exchanges) {
    if (request.asked !== 'order') continue;
    const refused = request.status !== undefined && request.status >= 400 && request.status < 500;
    if (request.key === undefined) {
      if (!refused) more(request.user_id);
      continue;
    }
    const known = ids.get(request.key) ?? new Set<string>();
    if (!ids.has(request.key)) more(request.user_id);
    if (request.answer !== undefined) known.add(request.answer.id);
    ids.set(request.key, known);
  }
  for (const [key, answered] of ids)
    if (answered.size > 1)
      violations.push({ rule: 'order_doubled', sentence: `Idempotency key ${key} was answered with ${[...answered].join(' and ')}.` });
  const there = new Map<string, number>();
  for (const { user_id } of end.orders) there.set(user_id, (there.get(user_id) ?? 0) + 1);
  for (const [user_id, count] of there) {
    const most = possible.get(user_id) ?? 0;
    const rule = most === 0 ? 'order_unknown' : 'order_doubled';
    if (count > most) violations.push({ rule, sentence: `Customer ${user_id} has ${count} orders and can have asked for ${most}.` });
  }
  return violations;
}

/** Every answer shows a state that the order was in, no client sees an order go back, and each finds what was acknowledged to it. */
function judgeAnswers({ exchanges, end }: Evidence, orders: ReadonlyMap<string, EndOrder>): Violation[] {
  const violations: Violation[] = [];
  const states = new Set(end.history.map(({ order_id, version, to_status }) => `${order_id} ${version} ${to_status}`));
  const seen = new Map<string, { version: number; answered_at: number }[]>();
  const byTime = exchanges.filter(showsOrder).sort((one, other) => one.answered_at - other.answered_at);
  for (const exchange of byTime) {
    const { answer, client } = exchange;
    const order_id = answer?.id ?? (exchange.asked === 'order' ? '' : exchange.order_id);
    const before = seen.get(`${client} ${order_id}`) ?? [];
    if (answer === undefined) {
      const knew = before.some(({ answered_at }) => answered_at <= exchange.sent_at);
      if (exchange.status === 404 && knew)
        violations.push({
          rule: 'own_order_not_found',
          sentence: `${client} was acknowledged order ${order_id} and then did not find it.`,
        });
      continue;
    }
    if (orders.has(order_id) && !states.has(`${order_id} ${answer.version} ${answer.status}`)) {
      const sentence = `${client} was answered that order ${order_id} is ${answer.status} at version ${answer.version}, which it never was.`;
      violations.push({ rule: 'answer_never_true', sentence });
    }
    const newest = Math.max(0, ...before.filter(({ answered_at }) => answered_at <= exchange.sent_at).map(({ version }) => version));
    if (answer.version < newest) {
      const sentence = `${client} saw order ${order_id} at version ${newest} and later at ${answer.version}.`;
      violations.push({ rule: 'answer_went_back', sentence });
    }
    before.push({ version: answer.version, answered_at: exchange.answered_at });
    seen.set(`${client} ${order_id}`, before);
  }
  return violations;
}

function showsOrder(exchange: Exchange): exchange is OrderRequest | OrderRead {
  return 'answer' in exchange && (exchange.answer !== undefined || exchange.asked === 'read');
}

function judgeStock({ exchanges, end, stock, sold_out }: Evidence): Violation[] {
  const violations: Violation[] = [];
  const sold = soldOf(end);
  const restocked = restockedOf(end.returns);
  for (const [product_id, opened] of stock) {
    const row = end.stock.find((one) => one.product_id === product_id);
    const { held, left } = sold.get(product_id) ?? { held: 0, left: 0 };
    const adjusted = row?.adjusted ?? 0;
    const back = restocked.get(product_id) ?? 0;
    violations.push(...judgeAdjustments(exchanges, product_id, adjusted));
    const there = opened + adjusted + back;
    if (held + left > there)
      violations.push({ rule: 'oversold', sentence: `Of product ${product_id} there were ${there} pieces and ${held + left} are sold.` });
    if (row === undefined || row.reserved !== held || row.shipped !== left || row.returned !== back || row.on_hand !== there - left) {
      const said =
        row === undefined
          ? 'nothing'
          : `${row.on_hand} on hand, ${row.reserved} reserved, ${row.shipped} shipped and ${row.returned} returned`;
      const sentence = `Of product ${product_id} inventory has ${said}; by the orders it is ${there - left}, ${held}, ${left} and ${back}.`;
      violations.push({ rule: 'stock_not_as_ordered', sentence });
    }
    if (sold_out === product_id && held + left !== there)
      violations.push({
        rule: 'not_sold_out',
        sentence: `Buyers were refused product ${product_id}, of which ${there - held - left} pieces are left.`,
      });
  }
  return violations;
}

/** Pieces of orders that are kept: what is in parcels has left, the rest is held. */
function soldOf({ orders, parcels }: Evidence['end']): Map<string, { held: number; left: number }> {
  const sold = new Map<string, { held: number; left: number }>();
  const sent = grouped(parcels, ({ order_id }) => order_id);
  for (const { id, status, items } of orders) {
    if (!kept.has(status)) continue;
    const gone = piecesOf((sent.get(id) ?? []).flatMap((parcel) => parcel.items));
    for (const [product_id, quantity] of piecesOf(items)) {
      const of = sold.get(product_id) ?? { held: 0, left: 0 };
      const left = gone.get(product_id) ?? 0;
      sold.set(product_id, { held: of.held + quantity - left, left: of.left + left });
    }
  }
  return sold;
}

/** What was answered was booked; what was not answered may have been. */
function judgeAdjustments(exchanges: readonly Exchange[], product_id: string, booked: number): Violation[] {
  const done = new Map<string, number>();
  const open = new Map<string, number>();
  for (const exchange of exchanges) {
    if (exchange.asked !== 'adjust' || exchange.product_id !== product_id) continue;
    if (exchange.status === 201 || exchange.status === 200) done.set(exchange.key, exchange.quantity_change);
    else if (exchange.status === undefined || exchange.status >= 500) open.set(exchange.key, exchange.quantity_change);
  }
  let [least, most] = [0, 0];
  for (const change of done.values()) [least, most] = [least + change, most + change];
  for (const [key, change] of open) if (!done.has(key)) [least, most] = [least + Math.min(0, change), most + Math.max(0, change)];
  if (booked >= least && booked <= most) return [];
  const sentence = `Product ${product_id} was adjusted by ${booked}; answered were adjustments of ${least} to ${most}.`;
  return [{ rule: 'adjustment_lost', sentence }];
}

function judgeMoney({ exchanges, end }: Evidence): Violation[] {
  const violations: Violation[] = [];
  const charges = new Map(end.charges.map((charge) => [charge.order_id, charge]));
  const refunds = grouped(
    exchanges.filter((one): one is RefundRequest => one.asked === 'refund'),
    ({ order_id }) => order_id,
  );
  const returns = grouped(end.returns, ({ order_id }) => order_id);
  for (const { order_id, charges: count } of end.charges)
    if (count > 1) violations.push({ rule: 'charged_twice', sentence: `The provider charged order ${order_id} ${count} times.` });
  for (const order of end.orders) {
    const charge = charges.get(order.id) ?? { charged: 0, refunded: 0, charges: 0, order_id: order.id, refunds: [] };
    violations.push(...judgeCharge(order, charge, refunds.get(order.id) ?? [], returns.get(order.id) ?? []));
  }
  const known = new Set(end.orders.map(({ id }) => id));
  for (const { order_id } of end.charges)
    if (!known.has(order_id))
      violations.push({ rule: 'charged_otherwise', sentence: `The provider charged for ${order_id}, which is no order.` });
  return violations;
}

function judgeCharge(order: EndOrder, charge: EndCharge, refunds: readonly RefundRequest[], returns: readonly EndReturn[]): Violation[] {
  const { id, status, total_amount } = order;
  if (status === 'cancelled') {
    const left = charge.charged - charge.refunded;
    return left === 0 ? [] : [{ rule: 'money_kept', sentence: `Order ${id} is cancelled, and the provider still holds ${left} of it.` }];
  }
  if (!kept.has(status)) return [];
  const violations: Violation[] = [];
  if (charge.charged !== total_amount)
    violations.push({
      rule: 'charged_otherwise',
      sentence: `Order ${id} of ${total_amount} is ${status}; the provider charged ${charge.charged}.`,
    });
  const done = refunds.filter(({ status: answered }) => answered === 201 || answered === 200);
  const asked = new Map(refunds.map(({ key, amount }) => [key, amount]));
  const for_returns = sum(returns.map(({ state, refund }) => (state === 'refunded' ? (refund?.amount ?? 0) : 0)));
  const promised = sum(new Map(done.map(({ key, amount }) => [key, amount])).values()) + for_returns;
  const most = sum(asked.values()) + for_returns;
  if (charge.refunded < promised) {
    const sentence = `Of order ${id} refunds of ${promised} were answered; the provider gave back ${charge.refunded}.`;
    violations.push({ rule: 'refund_lost', sentence });
  }
  if (charge.refunded > most) {
    const sentence = `Of order ${id} the provider gave back ${charge.refunded}; asked for were ${most}.`;
    violations.push({ rule: 'refund_unasked', sentence });
  }
  return violations;
}
