/** Parcels: what was sent of an order against what was ordered, and against what left the stock. */
import type { ReservationRecord, Suspicion } from '../audit-records.ts';
import type { ParcelRecord } from '../delivery-records.ts';
import { type KnownOrder, type OrderRecords, piecesOf } from './order-records.ts';

/** Finds an order of which more was sent than was ordered, or other pieces than left the stock, or which is completed and not sent. */
export function checkParcels(order: KnownOrder, { reservation }: OrderRecords): Suspicion[] {
  const wrong = wrongInParcels(order) ?? wrongInStock(order, reservation);
  return wrong === undefined ? [] : [{ rule: 'parcels_differ', detail: wrong, ids: [order.order_id] }];
}

function wrongInParcels({ status, items, parcels = [], unsent_pieces: unsent = null }: KnownOrder): string | undefined {
  if (status !== 'shipped' && status !== 'completed')
    return parcels.length === 0 && unsent === null ? undefined : `order is ${status} and has ${parcels.length} parcels`;
  if (parcels.length === 0) return unsent === null ? undefined : `order has no parcel, and ${unsent} pieces are to be sent`;
  const ordered = piecesOf(items);
  const sent = piecesOf(parcels.flatMap((parcel) => parcel.items));
  for (const [product_id, quantity] of sent) {
    const most = ordered.get(product_id) ?? 0;
    if (quantity > most) return `${quantity} of product ${product_id} were sent, ordered were ${most}`;
  }
  const numbers = parcels.map(({ number }) => number).sort((left, right) => left - right);
  if (numbers.some((number, place) => number !== place + 1)) return `the parcels have the numbers ${numbers.join(', ')}`;
  const left = sum(ordered) - sum(sent);
  if (left !== (unsent ?? 0)) return `${left} pieces are in no parcel, the order says ${unsent ?? 'none'}`;
  return status === 'completed' && left > 0 ? `order is completed, and ${left} pieces were not sent` : undefined;
}

/** Piece by piece; what left as a whole is everything. */
function wrongInStock({ parcels = [], unsent_pieces }: KnownOrder, reservation: ReservationRecord | undefined): string | undefined {
  if (parcels.length === 0 || !reservation?.status) return undefined;
  const { status, shipped_items = null } = reservation;
  if (shipped_items === null)
    return status === 'shipped' && (unsent_pieces ?? 0) === 0 ? undefined : `nothing of ${parcels.length} parcels has left the stock`;
  const [sent, left] = [parcels.flatMap(linesOf), shipped_items.map(lineText)].map((lines) => lines.sort().join(', '));
  return sent === left ? undefined : `sent was ${sent}; out of stock came ${left || 'nothing'}`;
}

function linesOf({ parcel_id, items }: ParcelRecord): string[] {
  return items.map(({ product_id, quantity }) => lineText({ parcel_id, product_id, quantity }));
}

function lineText({ parcel_id, product_id, quantity }: { parcel_id: string; product_id: string; quantity: number }): string {
  return `${quantity} × ${product_id} in parcel ${parcel_id}`;
}

function sum(pieces: ReadonlyMap<string, number>): number {
  return [...pieces.values()].reduce((total, quantity) => total + quantity, 0);
}
