/**
 * What one customer may hold at the same time. An order is open while it holds stock and can be cancelled for nothing:
 * `pending`, `awaiting_payment` and `confirmed`. Without a limit a single customer could keep the whole stock from all others.
 */
import { refusal } from '@souk/contracts';

/** The open orders of a customer, and the pieces in them. */
export interface OpenOrders {
  orders: number;
  pieces: number;
}

export interface OpenLimits {
  open_orders_max: number;
  open_pieces_max: number;
}

/** The open orders with one more of so many pieces. Throws `too_many_open_orders`, `too_many_open_pieces`. */
export function withOneMore({ orders, pieces }: OpenOrders, added: number, limits: OpenLimits): OpenOrders {
  const { open_orders_max, open_pieces_max } = limits;
  if (orders + 1 > open_orders_max) {
    throw refusal('too_many_open_orders', `This customer has ${orders} open orders; at most ${open_orders_max} are possible.`, {
      open_orders: orders,
      open_orders_max,
    });
  }
  if (pieces + added > open_pieces_max) {
    const detail = `This customer's open orders hold ${pieces} pieces; with ${added} more they would be above ${open_pieces_max}.`;
    throw refusal('too_many_open_pieces', detail, { open_pieces: pieces, open_pieces_max });
  }
  return { orders: orders + 1, pieces: pieces + added };
}
