/** The saga: where the orders are, how long they take, and what went wrong with them. */
import { curves, type Dashboard, number, perSecond, quantiles, spread } from './panel.ts';

const confirmed = '{outcome="confirmed"}';

export const checkout: Dashboard = {
  uid: 'souk-checkout',
  title: 'Souk: checkout',
  description: 'Orders on their way from placed to confirmed or cancelled. docs/reference/checkout.md holds the table they follow.',
  variables: [],
  rows: [
    {
      title: 'Where orders are',
      panels: [
        curves(
          'Waiting orders',
          'none',
          [{ expr: 'max by (status) (souk_checkout_orders{status=~"pending|awaiting_payment"})', legend: '{{ status }}' }],
          {
            description: 'Orders that wait for stock or for money. They drain to nothing when no orders come in.',
            min: 0,
            runbooks: ['checkout-stuck'],
          },
        ),
        curves('All orders', 'none', [{ expr: 'max by (status) (souk_checkout_orders)', legend: '{{ status }}' }], {
          description: 'Every order that was ever placed, by its status.',
          min: 0,
          stacked: true,
        }),
        curves('Longest wait', 's', [{ expr: 'max by (status) (souk_checkout_oldest_wait_seconds)', legend: '{{ status }}' }], {
          description: 'Since the oldest waiting order was placed. Each waiting state has a deadline of ten minutes.',
          min: 0,
          limits: { orange: 60, red: 660 },
          runbooks: ['checkout-stuck'],
        }),
        curves(
          'Transitions',
          'ops',
          [{ expr: `sum by (from, to) (${perSecond('souk_checkout_transitions_total')})`, legend: '{{ from }} → {{ to }}' }],
          {
            description: 'Steps of the saga.',
            width: 12,
            min: 0,
          },
        ),
        curves(
          'What moves them',
          'ops',
          [{ expr: `sum by (cause) (${perSecond('souk_checkout_transitions_total')})`, legend: '{{ cause }}' }],
          {
            description: 'The same steps by what caused them. deadline_passed means that an answer never came.',
            width: 12,
            min: 0,
          },
        ),
      ],
    },
    {
      title: 'How long it takes',
      panels: [
        curves('Time to a confirmed order', 's', quantiles('souk_checkout_duration_seconds', confirmed), {
          description: 'From placed to confirmed. The objective: 95 of 100 within 2.5 s. Diamonds are traces of single orders.',
          min: 0,
          limits: { red: 2.5 },
          runbooks: ['checkout-slow', 'checkout-latency-budget-burning'],
        }),
        curves('Time to a cancelled order', 's', quantiles('souk_checkout_duration_seconds', '{outcome="cancelled"}'), {
          description: 'From placed to cancelled, by whomever; an order may be cancelled days after it was confirmed.',
          min: 0,
        }),
        curves(
          'Slower than the objective',
          'percentunit',
          [
            { expr: 'souk:checkout_slowness:ratio_rate5m', legend: '5 min' },
            { expr: 'souk:checkout_slowness:ratio_rate1h', legend: '1 h' },
          ],
          {
            description: 'Share of the confirmed orders that took longer than 2.5 s; 5 % may.',
            min: 0,
            limits: { red: 0.05 },
            runbooks: ['checkout-slow'],
          },
        ),
        spread(
          'Spread of the time to a confirmed order',
          's',
          [{ expr: `sum by (le) (${perSecond(`souk_checkout_duration_seconds_bucket${confirmed}`)})`, legend: '{{ le }}', exemplar: true }],
          {
            description: 'Two bands mean two kinds of orders: a slow payment method shows as a line of its own.',
            width: 16,
          },
        ),
        curves(
          'Orders committed together',
          'none',
          [
            {
              expr: `sum(${perSecond('souk_orders_group_size_sum')}) / (sum(${perSecond('souk_orders_group_size_count')}) > 0)`,
              legend: 'mean',
            },
          ],
          {
            description: 'How many orders share one transaction. It grows with the load, and that is what keeps placing cheap.',
            min: 0,
          },
        ),
      ],
    },
    {
      title: 'What goes wrong',
      panels: [
        number('Failing now', 'percentunit', [{ expr: 'souk:checkout_failures:ratio_rate5m' }], {
          description: 'Orders refused with a 5xx or ended by a deadline, in five minutes; 0.5 % may.',
          limits: { orange: 0.005, red: 0.03 },
          decimals: 2,
          runbooks: ['checkout-failing'],
        }),
        number('Impossible messages', 'none', [{ expr: 'sum(increase(souk_checkout_impossible_total[1h]))' }], {
          description: 'Messages of the last hour that cannot be true for their order.',
          limits: { red: 1 },
          runbooks: ['impossible-input'],
        }),
        curves(
          'Deadlines',
          'opm',
          [{ expr: `60 * sum by (status) (${perSecond('souk_checkout_deadlines_total')})`, legend: '{{ status }}' }],
          {
            description: 'Orders a minute that were cancelled because no answer came within ten minutes.',
            min: 0,
            runbooks: ['checkout-failing'],
          },
        ),
        curves('Stock', 'ops', [{ expr: `sum by (outcome) (${perSecond('souk_inventory_orders_total')})`, legend: '{{ outcome }}' }], {
          description: 'What inventory decided: held, refused because sold out, or waiting for a product it does not know yet.',
          min: 0,
        }),
        curves('Money', 'ops', [{ expr: `sum by (status) (${perSecond('souk_payments_settled_total')})`, legend: '{{ status }}' }], {
          description: 'What the payment provider answered. unknown is asked again until it is known, and never charged again.',
          min: 0,
        }),
        curves('Requests that wait for an end', 'none', [{ expr: 'sum(souk_orders_waiters)', legend: 'waiting' }], {
          description: 'Answers held open by Prefer: wait.',
          min: 0,
        }),
      ],
    },
  ],
};
