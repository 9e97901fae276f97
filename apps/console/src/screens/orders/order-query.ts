/** Which orders are asked for, from what stands in the address. Days are those of the time zone of the browser, which the console writes all times in. */
import type { listOrders, QueryOf } from '@souk/contracts';
import { type OrderStatusName, orderStatuses } from './order-statuses.ts';

export interface OrderFilters {
  readonly status?: OrderStatusName;
  readonly user_id?: string;
  readonly sku?: string;
  /** Days such as `2026-11-30`, both among those that are shown. */
  readonly from?: string;
  readonly to?: string;
}

const day = /^\d{4}-\d{2}-\d{2}$/;

/** What is not a filter, or says nothing, is left out. */
export function filtersOf(query: Readonly<Record<string, string>>): OrderFilters {
  const status = orderStatuses.find((name) => name === query['status']);
  const { user_id, sku, from, to } = query;
  return {
    ...(status !== undefined && { status }),
    ...(user_id && { user_id }),
    ...(sku && { sku }),
    ...(from !== undefined && day.test(from) && { from }),
    ...(to !== undefined && day.test(to) && { to }),
  };
}

/** The same for the API: instants, the second of them not among those that are shown. */
export function orderQuery({ from, to, ...others }: OrderFilters): QueryOf<typeof listOrders> {
  return { ...others, ...(from !== undefined && { from: startOf(from, 0) }), ...(to !== undefined && { to: startOf(to, 1) }) };
}

function startOf(date: string, days_later: number): string {
  const [year = 0, month = 1, date_of_month = 1] = date.split('-').map(Number);
  return new Date(year, month - 1, date_of_month + days_later).toISOString();
}
