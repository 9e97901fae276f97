import type { Order, OrderSummary } from '@souk/contracts';
import type { OrdersContext } from '../context.ts';
import { toResource } from '../domain/order.ts';
import { findOrders } from '../store/orders.ts';

/** What messages show of these orders, of all customers. */
export async function summariseOrders({ db }: OrdersContext, order_ids: readonly string[]): Promise<OrderSummary[]> {
  return (await findOrders(db, order_ids, undefined)).map((order) => summaryOf(toResource(order)));
}

function summaryOf(order: Order): OrderSummary {
  const { id, order_number, items, totals, total_amount, currency, shipping_address } = order;
  return {
    order_id: id,
    order_number,
    items: items.map(({ name, quantity, line_total, discount, tax, paid, shipping }) => ({
      name,
      quantity,
      line_total,
      ...present({ discount, tax, paid, shipping }),
    })),
    ...(totals && sumsOf(totals)),
    total_amount,
    currency,
    shipping_address,
  };
}

function sumsOf({ items_total, discount_total, shipping_total, tax_total, tax_included, tax_lines }: NonNullable<Order['totals']>) {
  return { items_total, ...present({ discount_total }), shipping_total, tax_total, tax_included, tax_lines };
}

/** The members that are there. */
function present<Members extends object>(members: Members): { [Name in keyof Members]?: NonNullable<Members[Name]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as ReturnType<typeof present<Members>>;
}
