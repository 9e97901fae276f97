/** What was sent: each piece in one parcel, each parcel once, and no more than was ordered. Pure. */
import type { EndOrder, EndParcel } from './end-state.ts';
import { type Evidence, grouped, piecesOf, sum, type Violation } from './evidence.ts';
import type { ParcelRequest } from './history.ts';

export function judgeParcels({ exchanges, end }: Evidence, orders: ReadonlyMap<string, EndOrder>): Violation[] {
  const violations: Violation[] = [];
  const requests = exchanges.filter((one): one is ParcelRequest => one.asked === 'parcel');
  const there = new Map(end.parcels.map((parcel) => [parcel.id, parcel]));
  for (const { answer_parcel: answered, client, order_id } of requests)
    if (answered !== undefined && !isAsAnswered(answered, there.get(answered.id)))
      violations.push({ rule: 'parcel_lost', sentence: `Parcel ${answered.id} of order ${order_id} is not what ${client} was answered.` });
  for (const [key, of_key] of grouped(requests, ({ key }) => key)) {
    const ids = new Set(of_key.flatMap(({ answer_parcel }) => answer_parcel?.id ?? []));
    if (ids.size > 1)
      violations.push({ rule: 'parcel_doubled', sentence: `Idempotency key ${key} was answered with parcels ${[...ids].join(' and ')}.` });
  }
  const asked = countAsked(requests, exchanges);
  for (const [order_id, parcels] of grouped(end.parcels, ({ order_id }) => order_id)) {
    const most = asked.get(order_id) ?? 0;
    if (parcels.length > most)
      violations.push({
        rule: 'parcel_doubled',
        sentence: `Order ${order_id} has ${parcels.length} parcels; ${most} can have been asked for.`,
      });
    const order = orders.get(order_id);
    if (order !== undefined) violations.push(...judgeContent(order, parcels));
  }
  return violations;
}

function isAsAnswered(answered: { items: readonly { product_id: string; quantity: number }[] }, parcel: EndParcel | undefined): boolean {
  if (parcel === undefined) return false;
  const [said, is] = [piecesOf(answered.items), piecesOf(parcel.items)];
  return said.size === is.size && [...said].every(([product, quantity]) => is.get(product) === quantity);
}

/** Each key, and each request to ship, makes one parcel at most. */
function countAsked(requests: readonly ParcelRequest[], exchanges: Evidence['exchanges']): Map<string, number> {
  const asked = new Map<string, number>();
  const more = (order_id: string): void => void asked.set(order_id, (asked.get(order_id) ?? 0) + 1);
  for (const [, [first]] of grouped(requests, ({ key }) => key)) if (first !== undefined) more(first.order_id);
  for (const exchange of exchanges) if (exchange.asked === 'ship') more(exchange.order_id);
  return asked;
}

function judgeContent({ id, status, items, unsent_pieces }: EndOrder, parcels: readonly EndParcel[]): Violation[] {
  const violations: Violation[] = [];
  const wrong = (sentence: string): void => void violations.push({ rule: 'parcels_not_as_ordered', sentence });
  const ordered = piecesOf(items);
  const sent = piecesOf(parcels.flatMap((parcel) => parcel.items));
  for (const [product, quantity] of sent) {
    const most = ordered.get(product) ?? 0;
    if (quantity > most) wrong(`Of order ${id} ${quantity} pieces of product ${product} are in parcels; ordered were ${most}.`);
  }
  const left = sum(ordered.values()) - sum(sent.values());
  if (unsent_pieces !== left) wrong(`Order ${id} says that ${unsent_pieces} pieces are to be sent; by its parcels it is ${left}.`);
  if (status !== 'shipped' && status !== 'completed') wrong(`Order ${id} has parcels and is ${status}.`);
  if (status === 'completed' && left > 0) wrong(`Order ${id} is completed, and ${left} pieces were not sent.`);
  return violations;
}
