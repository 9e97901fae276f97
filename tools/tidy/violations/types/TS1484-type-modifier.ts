import { Order } from './order.ts';

export const place = (order: Order): string => order.order_id;
