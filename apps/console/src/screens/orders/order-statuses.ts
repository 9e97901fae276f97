import type { Order } from '@souk/contracts';
import type { Tone } from '../../parts/chip.tsx';

export type OrderStatusName = Order['status'];

export const statusTones: Readonly<Record<OrderStatusName, Tone>> = {
  pending: 'info',
  awaiting_payment: 'info',
  confirmed: 'ok',
  shipped: 'ok',
  completed: 'none',
  cancelled: 'bad',
};

/** In the order in which an order goes through them. */
export const orderStatuses = Object.keys(statusTones) as readonly OrderStatusName[];
