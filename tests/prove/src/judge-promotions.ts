/** What orders cost, and how often the code that buyers compete for was used. Pure; everything is worked out anew from the prices of the run. */
import type { EndOrder } from './end-state.ts';
import { type Evidence, sum, toMinor, type Violation } from './evidence.ts';
import type { OrderRequest } from './history.ts';

const million = 1_000_000;

export function judgePromotions(evidence: Evidence, orders: ReadonlyMap<string, EndOrder>): Violation[] {
  return [...judgeDiscounts(evidence, orders), ...judgeUses(evidence)];
}

/** An order costs what the run's prices and the code it was sent with make it cost, and what its client was answered. */
function judgeDiscounts({ exchanges, prices, code }: Evidence, orders: ReadonlyMap<string, EndOrder>): Violation[] {
  const violations: Violation[] = [];
  for (const request of exchanges) {
    if (request.asked !== 'order' || request.answer === undefined) continue;
    const order = orders.get(request.answer.id);
    if (order === undefined) continue;
    const shown = (request.answer.totals?.discounts ?? []).map(({ code: of, amount }) => `${of} ${toMinor(amount)}`);
    const frozen = order.discounts.map(({ code: of, amount }) => `${of} ${amount}`);
    if (shown.join() !== frozen.join()) {
      const sentence = `${request.client} was answered discounts of ${shown.join() || 'nothing'} for order ${order.id}, which has ${frozen.join() || 'none'}.`;
      violations.push({ rule: 'discount_changed', sentence });
    }
    if (prices === undefined) continue;
    const expected = expectedOf(request, prices, code?.part ?? 0);
    const discount = sum(order.discounts.map(({ amount }) => amount));
    const paid = sum(order.items.map((item) => item.paid ?? item.line_total));
    if (discount === expected.discount && order.total_amount === expected.total && paid === expected.total) continue;
    const sentence = `Order ${order.id} costs ${expected.total} with ${expected.discount} off; it has ${order.total_amount}, ${discount} off, and lines of ${paid}.`;
    violations.push({ rule: 'price_wrong', sentence });
  }
  return violations;
}

function expectedOf({ lines, promotion_code }: OrderRequest, prices: ReadonlyMap<string, number>, part: number) {
  const goods = sum(lines.map(({ product_id, quantity }) => (prices.get(product_id) ?? 0) * quantity));
  // Half up, of the whole order.
  const discount = promotion_code === undefined ? 0 : Math.floor((2 * goods * part + million) / (2 * million));
  return { discount, total: goods - discount };
}

function judgeUses(evidence: Evidence): Violation[] {
  const { end, code, used_up } = evidence;
  if (code === undefined) return [];
  const violations: Violation[] = [];
  const at_once = mostAtOnce(holdingsOf(evidence, code.code));
  if (at_once > code.uses) {
    const sentence = `The code has ${code.uses} uses; at one moment ${at_once} orders held it that were acknowledged and not asked to be cancelled.`;
    violations.push({ rule: 'code_overused', sentence });
  }
  const using = end.orders.filter(({ discounts, status }) => status !== 'cancelled' && discounts.some((one) => one.code === code.code));
  const held = end.redemptions.filter(({ code_key, state }) => code_key === code.code && state === 'held');
  const most = Math.max(using.length, held.length);
  if (most > code.uses) {
    const sentence = `The code has ${code.uses} uses; ${using.length} orders that are not cancelled have its discount, and ${held.length} uses are held.`;
    violations.push({ rule: 'code_overused', sentence });
  }
  const cancelled = new Set(end.orders.flatMap(({ id, status }) => (status === 'cancelled' ? id : [])));
  for (const { order_id } of held)
    if (cancelled.has(order_id))
      violations.push({ rule: 'code_kept', sentence: `Order ${order_id} is cancelled and still holds a use of the code.` });
  if (used_up && using.length < code.uses) {
    const sentence = `Buyers were refused the code, of which ${code.uses - using.length} uses are left.`;
    violations.push({ rule: 'code_not_used_up', sentence });
  }
  return violations;
}

interface Holding {
  from: number;
  to: number;
}

/** When orders surely held the code, by the clock of the clients: from the answer until its cancellation was asked for, where that is what ended it. */
function holdingsOf({ exchanges, end }: Evidence, code: string): Holding[] {
  const orders = new Map(end.orders.map((order) => [order.id, order]));
  const acknowledged = new Map<string, number>();
  const cancelled = new Map<string, number>();
  for (const exchange of exchanges) {
    if (exchange.asked === 'order' && exchange.answer !== undefined && exchange.promotion_code === code)
      acknowledged.set(exchange.answer.id, Math.min(exchange.answered_at, acknowledged.get(exchange.answer.id) ?? exchange.answered_at));
    if (exchange.asked === 'cancel')
      cancelled.set(exchange.order_id, Math.min(exchange.sent_at, cancelled.get(exchange.order_id) ?? exchange.sent_at));
  }
  return [...acknowledged].flatMap(([id, from]) => {
    const order = orders.get(id);
    if (order === undefined) return [];
    if (order.status !== 'cancelled') return [{ from, to: Number.POSITIVE_INFINITY }];
    const to = order.cancel_reason?.endsWith('_request') === true ? cancelled.get(id) : undefined;
    return to === undefined ? [] : [{ from, to }];
  });
}

function mostAtOnce(holdings: readonly Holding[]): number {
  const changes = holdings.filter(({ from, to }) => from < to).flatMap(({ from, to }) => [[from, 1] as const, [to, -1] as const]);
  // What ends at a moment is over before what begins at it.
  changes.sort(([one, step], [other, next]) => one - other || step - next);
  let [now, most] = [0, 0];
  for (const [, step] of changes) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}
