/** What the staff of the shop does meanwhile: ships, completes, cancels, takes goods back, refunds, counts stock, takes products out, erases customers. */
import { pause } from '@souk/kernel';
import { ask, codeOf } from './buyers.ts';
import type { Person } from './client.ts';
import type { History, SeenOrder } from './history.ts';
import { sendParcels } from './parcels.ts';
import { adjusted, archived, type PlannedWork } from './plan.ts';
import { returnGoods } from './returns.ts';
import type { Staffing } from './staffing.ts';

/** Refunds of one, two or three of the currency's units. */
const refundsMinor = [100, 200, 300];
const adjustments = [-2, 3, 5];
const minor = 100;

export async function runStaff(staffing: Staffing, work: readonly PlannedWork[]): Promise<void> {
  const running: Promise<unknown>[] = [];
  for (const planned of work) {
    await pause(Math.max(0, staffing.began + planned.at_ms - performance.now()), staffing.stopped);
    if (staffing.stopped.aborted) break;
    running.push(carryOut(staffing, planned));
  }
  await Promise.all(running);
}

async function carryOut(staffing: Staffing, { action, which }: PlannedWork): Promise<void> {
  const { history, staff, customers } = staffing;
  if (action === 'adjust') return adjust(staffing, which);
  if (action === 'archive') {
    const id = staffing.products[archived] as string;
    return remove(history, staff, { asked: 'archive', id, path: `/api/products/${id}` });
  }
  if (action === 'erase') {
    const customer = pickOf(customers, which) as Person;
    return remove(history, customer, { asked: 'erase', id: customer.user_id, path: `/api/users/${customer.user_id}` });
  }
  const order = action === 'return' ? sentOrder(history, which) : pickOf(history.acknowledged, which);
  if (order === undefined) return;
  if (action === 'return') return returnGoods(staffing, order, which);
  if (action === 'parcel') return sendParcels(staffing, order, which);
  if (action === 'refund') return refund(staffing, order.id, which);
  const bodies = {
    ship: { carrier: 'Souk Post', tracking_number: `T-${order.id.slice(-8)}` },
    complete: undefined,
    cancel: { reason: 'staff' },
  };
  await ask(history, staff, { asked: action, order_id: order.id, ...(bodies[action] !== undefined && { body: bodies[action] }) });
}

function sentOrder({ sent, acknowledged }: History, which: number): SeenOrder | undefined {
  const id = pickOf(sent, which);
  return acknowledged.find((order) => order.id === id);
}

function pickOf<T>(list: readonly T[], which: number): T | undefined {
  return list[Math.floor(which * list.length)];
}

async function adjust({ staff, products, history }: Staffing, which: number): Promise<void> {
  const product_id = products[adjusted] as string;
  const quantity_change = pickOf(adjustments, which) as number;
  const key = crypto.randomUUID();
  const sent_at = performance.now();
  const { status, body } = await staff.send('POST', `/api/inventory/${product_id}/adjustments`, {
    body: { quantity_change, reason: 'counted' },
    key,
  });
  const answered_at = performance.now();
  history.add({ asked: 'adjust', client: staff.name, product_id, key, quantity_change, sent_at, answered_at, status, code: codeOf(body) });
}

async function remove(history: History, person: Person, removal: { asked: 'archive' | 'erase'; id: string; path: string }): Promise<void> {
  const { asked, id, path } = removal;
  const sent_at = performance.now();
  const { status, body } = await person.send('DELETE', path, asked === 'erase' ? { body: { current_password: person.password } } : {});
  history.add({ asked, client: person.name, id, sent_at, answered_at: performance.now(), status, code: codeOf(body) });
}

async function refund({ staff, history }: Staffing, order_id: string, which: number): Promise<void> {
  const found = await staff.send('GET', `/api/payments?order_id=${order_id}`);
  const [payment] = found.status === 200 ? (found.body as { id: string; status: string }[]) : [];
  if (payment === undefined || payment.status !== 'captured') return;
  const amount = pickOf(refundsMinor, which) as number;
  const key = crypto.randomUUID();
  const sent_at = performance.now();
  const { status, body } = await staff.send('POST', `/api/payments/${payment.id}/refunds`, {
    body: { amount: amount / minor, reason: 'damaged' },
    key,
  });
  const answered_at = performance.now();
  const asked = { asked: 'refund', client: staff.name, order_id, payment_id: payment.id, key, amount } as const;
  history.add({ ...asked, sent_at, answered_at, status, code: codeOf(body) });
}
