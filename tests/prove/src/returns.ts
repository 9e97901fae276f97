/** Goods that come back: asked for by their customer, approved, received and refunded by staff, each step until it is answered. */
import { ask, codeOf, repeatUntilAnswered } from './buyers.ts';
import type { Person } from './client.ts';
import type { ReturnStep, SeenOrder, SeenReturn } from './history.ts';
import { scarce } from './plan.ts';
import type { Staffing } from './staffing.ts';

/** Of returns the part that staff refuses, and the part of which nothing ever arrives. */
const [rejectedShare, closedShare] = [0.08, 0.08];

export async function returnGoods(staffing: Staffing, order: SeenOrder, which: number): Promise<void> {
  const chance = (which * 9_973) % 1;
  const customer = staffing.customers.find(({ user_id }) => user_id === order.user_id);
  // The last sale of the scarce product must not meet pieces that come back late.
  const lines = order.items.filter(({ product_id }) => product_id !== staffing.products[scarce]);
  const line = lines[Math.floor(chance * lines.length)];
  if (customer === undefined || line === undefined) return;
  const quantity = 1 + Math.floor(((which * 7_919) % 1) * line.quantity);
  const made = await request(staffing, customer, order.id, [{ product_id: line.product_id, quantity }]);
  if (made === undefined) return;
  const step = (asked: ReturnStep['asked'], body?: object): Promise<number | undefined> => move(staffing, order.id, made.id, asked, body);
  if (chance < rejectedShare) return void (await step('reject'));
  await step('approve');
  if (chance < rejectedShare + closedShare) return void (await step('close'));
  // One piece may be missing; of the others some are damaged.
  const arrived = quantity > 1 && chance > 0.7 ? quantity - 1 : quantity;
  const restock = Math.floor(((which * 4_421) % 1) * (arrived + 1));
  await step('receive', { items: [{ product_id: line.product_id, restock, write_off: arrived - restock }] });
  const shipping = (['none', 'share', 'all'] as const)[Math.floor(chance * 3)];
  await step('refund_return', { shipping, ...(chance > 0.85 && { deduction: 1, reason: 'used' }) });
}

/** Orders that are sent and come back when everything has healed, and the most that are tried. */
const [lastReturns, lastTried] = [6, 30];

/** So that a short run has returns too: of orders that are still there to be sent, those with a discount first. */
export async function returnLast(staffing: Staffing): Promise<void> {
  const { history, staff } = staffing;
  const discounted = history.acknowledged.toSorted((one, other) => Number(other.totals !== undefined) - Number(one.totals !== undefined));
  let returned = 0;
  for (const [place, order] of discounted.slice(0, lastTried).entries()) {
    if (returned === lastReturns) return;
    const body = { carrier: 'Souk Post', tracking_number: `T-${order.id.slice(-8)}` };
    if ((await ask(history, staff, { asked: 'ship', order_id: order.id, body })) === undefined) continue;
    await returnGoods(staffing, order, (place + 0.5) / lastTried);
    returned += 1;
  }
}

async function request(
  { history, stopped }: Staffing,
  customer: Person,
  order_id: string,
  items: readonly { product_id: string; quantity: number }[],
): Promise<SeenReturn | undefined> {
  const key = crypto.randomUUID();
  let answer_return: SeenReturn | undefined;
  await repeatUntilAnswered(stopped, async () => {
    const sent_at = performance.now();
    const { status, body } = await customer.send('POST', `/api/orders/${order_id}/returns`, { body: { items }, key });
    answer_return = status === 201 || status === 200 ? (body as SeenReturn) : undefined;
    const asked = { asked: 'return', client: customer.name, order_id, key, sent_at, answered_at: performance.now() } as const;
    history.add({ ...asked, status, code: codeOf(body), answer_return });
    return status;
  });
  return answer_return;
}

const paths: Readonly<Record<ReturnStep['asked'], string>> = {
  approve: 'approve',
  reject: 'reject',
  close: 'close',
  receive: 'receive',
  refund_return: 'refund',
};

/** A step that was done without an answer is refused when it is asked for again, and the next one goes on from there. */
async function move(
  { history, staff, stopped }: Staffing,
  order_id: string,
  return_id: string,
  asked: ReturnStep['asked'],
  body?: object,
): Promise<number | undefined> {
  return repeatUntilAnswered(stopped, async () => {
    const sent_at = performance.now();
    const path = `/api/returns/${return_id}/${paths[asked]}`;
    const { status, body: answered } = await staff.send('POST', path, body === undefined ? {} : { body });
    const answer_return = status === 200 ? (answered as SeenReturn) : undefined;
    const about = { asked, client: staff.name, order_id, return_id, sent_at, answered_at: performance.now() };
    history.add({ ...about, status, code: codeOf(answered), answer_return });
    return status;
  });
}
