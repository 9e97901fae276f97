/** Panels of one service only. */
import type { ServiceName } from '@souk/contracts';
import { curves, list, number, perSecond, quantiles, type Row } from './panel.ts';

/** The rows of its own business; none where there is nothing but requests and events. */
export function ownRows(service: Exclude<ServiceName, 'gateway'>): readonly Row[] {
  return rows[service] ?? [];
}

const rows: Readonly<Partial<Record<Exclude<ServiceName, 'gateway'>, readonly Row[]>>> = {
  users: [
    {
      title: 'Accounts',
      panels: [
        curves('Sign-ins', 'ops', [{ expr: `sum by (outcome) (${perSecond('souk_users_logins_total')})`, legend: '{{ outcome }}' }], {
          description: 'failed: wrong name or password; throttled: too many failures of an account or address.',
          min: 0,
        }),
        curves(
          'Accounts',
          'opm',
          [
            { expr: `60 * sum by (source) (${perSecond('souk_users_registered_total')})`, legend: 'opened: {{ source }}' },
            { expr: `60 * sum(${perSecond('souk_users_erased_total')})`, legend: 'erased' },
          ],
          {
            description: 'Opened and erased, a minute.',
            min: 0,
          },
        ),
        curves('Password hashes', 'none', [{ expr: 'sum by (state) (souk_users_password_hashes)', legend: '{{ state }}' }], {
          description: 'At most two are computed at once; waiting ones are sign-ins that take longer.',
          min: 0,
        }),
        number('Refresh tokens shown twice', 'none', [{ expr: 'sum(increase(souk_users_refresh_reuses_total[1d]))' }], {
          description: 'In a day. Each means a stolen token or a broken client, and ended a family of sessions.',
          width: 24,
          limits: { orange: 1, red: 10 },
        }),
      ],
    },
  ],
  products: [],
  orders: [
    {
      title: 'Orders',
      panels: [
        curves('Placed', 'opm', [{ expr: `60 * sum by (currency) (${perSecond('souk_orders_placed_total')})`, legend: '{{ currency }}' }], {
          description: 'Orders a minute. What becomes of them is on the dashboard of the checkout.',
          min: 0,
        }),
        curves('Transitions', 'ops', [{ expr: `sum by (to) (${perSecond('souk_checkout_transitions_total')})`, legend: '{{ to }}' }], {
          description: 'By the status orders come to.',
          min: 0,
        }),
        curves('Time to a confirmed order', 's', quantiles('souk_checkout_duration_seconds', '{outcome="confirmed"}'), {
          description: 'From placed to confirmed.',
          min: 0,
          limits: { red: 2.5 },
          runbooks: ['checkout-slow'],
        }),
      ],
    },
  ],
  notifications: [
    {
      title: 'Messages to people',
      panels: [
        curves('Messages', 'ops', [{ expr: `sum by (outcome) (${perSecond('souk_notifications_total')})`, legend: '{{ outcome }}' }], {
          description: 'pending: to be tried again; suppressed: for a person who was erased.',
          width: 24,
          min: 0,
        }),
      ],
    },
    {
      title: 'Webhooks',
      panels: [
        curves('Attempts', 'ops', [{ expr: `sum by (outcome) (${perSecond('souk_webhook_deliveries_total')})`, legend: '{{ outcome }}' }], {
          description: 'retried: failed, to be posted again; failed: for the last time.',
          min: 0,
        }),
        curves('Overdue', 's', [{ expr: 'max(souk_webhook_overdue_seconds)', legend: 'longest' }], {
          description: 'For how long something is due to an active webhook and is not posted.',
          min: 0,
        }),
      ],
    },
  ],
  inventory: [
    {
      title: 'Stock',
      panels: [
        curves('Orders', 'ops', [{ expr: `sum by (outcome) (${perSecond('souk_inventory_orders_total')})`, legend: '{{ outcome }}' }], {
          description: 'Stock held for all of an order, refused because sold out, or waiting for an unknown product.',
          min: 0,
        }),
        curves(
          'Reservations ended',
          'ops',
          [{ expr: `sum by (outcome) (${perSecond('souk_inventory_reservations_ended_total')})`, legend: '{{ outcome }}' }],
          {
            description: 'released: the order was cancelled; tombstone: its cancellation came before its creation.',
            min: 0,
          },
        ),
        curves(
          'Changes',
          'ops',
          [
            { expr: `sum(${perSecond('souk_inventory_adjustments_total')})`, legend: 'adjusted by staff' },
            { expr: `sum(${perSecond('souk_inventory_stock_opened_total')})`, legend: 'products opened' },
            { expr: `sum(${perSecond('souk_inventory_announcements_total')})`, legend: 'announced to others' },
          ],
          {
            description:
              'What changes stock beside orders, and how often it is announced to others (at most once for a product in 200 ms).',
            min: 0,
          },
        ),
        curves('Still to be announced', 'none', [{ expr: 'sum(souk_inventory_unannounced_products)', legend: 'products' }], {
          description: 'Products whose changed stock products does not know of yet.',
          width: 12,
          min: 0,
        }),
        number('Contradictions', 'none', [{ expr: 'sum(increase(souk_inventory_contradictions_total[1d]))' }], {
          description: 'Messages of a day about an order that ended here in another way.',
          width: 12,
          height: 8,
          limits: { red: 1 },
        }),
      ],
    },
  ],
  payments: [
    {
      title: 'Money',
      panels: [
        curves('Payments', 'ops', [{ expr: `sum by (status) (${perSecond('souk_payments_settled_total')})`, legend: '{{ status }}' }], {
          description: 'By outcome; void: cancelled before it was charged.',
          min: 0,
        }),
        curves('Refunds', 'ops', [{ expr: `sum(${perSecond('souk_payments_refunded_total')})`, legend: 'refunds' }], {
          description: 'Refunds that went through.',
          min: 0,
        }),
        curves(
          'Given back in an hour',
          'short',
          [{ expr: 'sum by (currency) (increase(souk_payments_refunded_minor_units_total[1h]))', legend: '{{ currency }}' }],
          {
            description: 'In minor units of the currency.',
            min: 0,
          },
        ),
      ],
    },
  ],
  operations: [
    {
      title: 'The books',
      panels: [
        number('Violations', 'none', [{ expr: 'max(souk_audit_violations)' }], {
          description: 'Found by the last audit.',
          limits: { red: 1 },
          runbooks: ['books-not-balanced'],
        }),
        number('Last audit', 's', [{ expr: 'min(souk_audit_age_seconds)' }], {
          description: 'How long ago it ended; one runs every ten minutes.',
          limits: { orange: 900, red: 1800 },
          runbooks: ['audit-too-old'],
        }),
        list('Audits of the last day', 'none', [{ expr: 'sum by (outcome) (increase(souk_audit_runs_total[1d]))' }], {
          description: 'balanced, violations found, or failed because a service could not be read.',
          width: 16,
          height: 6,
        }),
      ],
    },
  ],
};
