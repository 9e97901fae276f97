import { loadProcessConfig, platformFields } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

const milliseconds = (description: string, most: number, value: number) =>
  Type.Integer({ minimum: 1, maximum: most, default: value, description: `${description}, in milliseconds.` });
const count = (description: string, most: number, value: number) =>
  Type.Integer({ minimum: 1, maximum: most, default: value, description });

export const OrdersConfig = Type.Object({
  ...platformFields,
  saga_stock_deadline_ms: milliseconds('How long an order waits for its stock', 86_400_000, 600_000),
  saga_payment_deadline_ms: milliseconds('How long an order waits for its money', 86_400_000, 600_000),
  payment_method_kept_ms: milliseconds(
    'How long the payment method of a decided order is kept; copies of the databases that lie further apart cannot be restored together',
    604_800_000,
    3_600_000,
  ),
  deadline_poll_ms: milliseconds('How often passed deadlines are looked for', 600_000, 1_000),
  open_orders_max: count('Most open orders of one customer: placed, and neither shipped nor cancelled.', 1_000_000, 1_000),
  open_pieces_max: count('Most pieces in the open orders of one customer.', 1_000_000_000, 10_000),
  place_batch_max: count('Most orders committed together.', 500, 64),
  place_delay_ms: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 1,
    description: 'Longest wait of an order for company, in milliseconds.',
  }),
  place_pace_ms: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 20,
    description: 'Longest time from the begin of one group of orders to that of the next while groups are large, in milliseconds.',
  }),
  place_runs_max: count('Most groups of orders committed at the same time.', 16, 2),
  place_waiting_max: count('Most orders waiting for their group.', 100_000, 5_000),
  wait_poll_ms: milliseconds('How soon a decision made by another replica is found for those who wait', 10_000, 25),
  wait_poll_idle_ms: milliseconds('The same while all decisions are made in this process', 10_000, 200),
  waiters_max: count('Most requests that wait for the end of a checkout.', 100_000, 10_000),
});
export type OrdersConfig = Readonly<Static<typeof OrdersConfig>>;

/** Throws `config_invalid` with every problem at once. */
export function loadOrdersConfig(): OrdersConfig {
  return loadProcessConfig('orders', OrdersConfig, process.env);
}
