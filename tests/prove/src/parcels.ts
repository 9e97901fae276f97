/** Parcels of an order: a piece of it, or all that is left; now and then two of them at the same moment. */
import { codeOf, repeatUntilAnswered } from './buyers.ts';
import type { History, SeenOrder, SeenParcel } from './history.ts';
import type { Staffing } from './staffing.ts';

/** Of parcels the part that holds one piece only, and the part that is sent by two people at once. */
const [pieceShare, twiceShare] = [0.7, 0.3];

export async function sendParcels({ history, staff, stopped }: Staffing, order: SeenOrder, which: number): Promise<void> {
  const chance = (which * 9_973) % 1;
  const line = order.items[Math.floor(chance * order.items.length)];
  const items = chance < pieceShare && line !== undefined ? [{ product_id: line.product_id, quantity: 1 }] : undefined;
  const body = { carrier: 'Souk Post', tracking_number: `P-${order.id.slice(-8)}`, ...(items && { items }) };
  const once = async (): Promise<void> => {
    const key = crypto.randomUUID();
    await repeatUntilAnswered(stopped, async () => {
      const sent_at = performance.now();
      const { status, body: answered } = await staff.send('POST', `/api/orders/${order.id}/parcels`, { body, key });
      noteParcel(history, { client: staff.name, order_id: order.id, key, sent_at, status, answered });
      return status;
    });
  };
  await Promise.all((which * 7_919) % 1 < twiceShare ? [once(), once()] : [once()]);
}

interface Answered {
  client: string;
  order_id: string;
  key: string;
  sent_at: number;
  status: number | undefined;
  answered: unknown;
}

function noteParcel(history: History, { answered, status, ...asked }: Answered): void {
  const answer_parcel = status === 201 || status === 200 ? (answered as SeenParcel) : undefined;
  history.add({ asked: 'parcel', ...asked, answered_at: performance.now(), status, code: codeOf(answered), answer_parcel });
}
