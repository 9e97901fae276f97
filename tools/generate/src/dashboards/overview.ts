/** What the people who use the shop feel, what it earns, and whether anything is about to go wrong. */
import { bars, curves, type Dashboard, list, number, perSecond, quantile } from './panel.ts';

const placing = '{service="gateway", method="POST", route="/api/orders"}';

export const overview: Dashboard = {
  uid: 'souk-overview',
  title: 'Souk: overview',
  description: 'The golden signals and the money. Start here; every panel that can be bad links to the runbook that helps.',
  variables: [{ name: 'currency', label: 'Currency', query: 'label_values(souk_orders_placed_total, currency)' }],
  rows: [
    {
      title: 'What people feel',
      panels: [
        number('Orders a minute', 'opm', [{ expr: `60 * sum(${perSecond('souk_orders_placed_total')})` }], {
          description: 'Orders accepted, whatever became of them.',
          decimals: 1,
        }),
        number('Checkout success', 'percentunit', [{ expr: '1 - souk:checkout_failures:ratio_rate5m' }], {
          description: 'Orders that were neither refused with a 5xx nor ended by a deadline, in five minutes. The objective is 99.5 %.',
          limits: { orange: 0.995, red: 0.97, good: 'high' },
          decimals: 2,
          runbooks: ['checkout-failing', 'checkout-budget-burning'],
        }),
        number('Time to a confirmed order', 's', [{ expr: 'souk:checkout_duration_seconds:p95_rate5m{outcome="confirmed"}' }], {
          description: '95 of 100 orders are confirmed at least this fast. The objective is 2.5 s.',
          limits: { orange: 1, red: 2.5 },
          runbooks: ['checkout-slow', 'checkout-latency-budget-burning'],
        }),
        number('Reads answered', 'percentunit', [{ expr: '1 - souk:read_failures:ratio_rate5m' }], {
          description: 'Reads of products, stock and orders that got no 5xx, in five minutes. The objective is 99.9 %.',
          limits: { orange: 0.999, red: 0.985, good: 'high' },
          decimals: 2,
          runbooks: ['reads-unavailable', 'reads-budget-burning'],
        }),
        number('Longest waiting order', 's', [{ expr: 'max(souk_checkout_oldest_wait_seconds)' }], {
          description: 'A deadline ends each waiting state after ten minutes; more means that nothing ends them.',
          limits: { orange: 60, red: 660 },
          runbooks: ['checkout-stuck'],
        }),
        number('Violations in the books', 'none', [{ expr: 'max(souk_audit_violations)' }], {
          description: 'What the last audit found wrong with stock and money. It is never anything but 0.',
          limits: { red: 1 },
          runbooks: ['books-not-balanced'],
        }),
      ],
    },
    {
      title: 'Golden signals',
      panels: [
        curves('Requests', 'reqps', [{ expr: `sum by (service) (${perSecond('souk_http_requests_total')})`, legend: '{{ service }}' }], {
          description: 'Answered requests of each service. A request through the gateway counts there and at its service.',
          width: 6,
          min: 0,
        }),
        curves('Errors', 'percentunit', [{ expr: 'souk:http_errors:ratio_rate5m', legend: '{{ service }}' }], {
          description: 'Share of answers that are 5xx.',
          width: 6,
          min: 0,
          limits: { red: 0.05 },
          runbooks: ['service-errors'],
        }),
        curves(
          'Duration (99 of 100)',
          's',
          [
            {
              expr: quantile(0.99, 'souk_http_request_duration_seconds', 'service', '{route!~"/health.*|/metrics"}'),
              legend: '{{ service }}',
              exemplar: true,
            },
          ],
          {
            description: 'Time from the headers of a request to the end of its answer; orders that wait for their end are in it.',
            width: 6,
            min: 0,
          },
        ),
        curves(
          'Saturation',
          'percentunit',
          [
            {
              expr: 'sum by (service) (souk_database_connections{state="busy"}) / sum by (service) (souk_database_connections)',
              legend: 'connections of {{ service }}',
            },
            {
              expr: `sum by (process) (max by (process, instance) (${perSecond('process_cpu_seconds_total')}))`,
              legend: 'CPU of {{ process }}',
            },
          ],
          {
            description: 'Busy share of the database connections, and CPU: 1 is one core. A process computes on one core only.',
            width: 6,
            min: 0,
            limits: { red: 0.9 },
            runbooks: ['database-pool-exhausted', 'event-loop-blocked'],
          },
        ),
      ],
    },
    {
      title: 'The money',
      panels: [
        curves(
          'Orders placed',
          'opm',
          [{ expr: `60 * sum by (currency) (${perSecond('souk_orders_placed_total{currency=~"$currency"}')})`, legend: '{{ currency }}' }],
          { description: 'Orders a minute by currency.', min: 0 },
        ),
        curves(
          'Revenue in an hour',
          'short',
          [
            {
              expr: 'sum by (currency) (increase(souk_orders_revenue_minor_units_total{currency=~"$currency"}[1h]))',
              legend: '{{ currency }}',
            },
          ],
          { description: 'Totals of the orders confirmed in the last hour, in minor units: 12995 EUR are 129.95 euros.', min: 0 },
        ),
        curves(
          'Given back in an hour',
          'short',
          [
            {
              expr: 'sum by (currency) (increase(souk_payments_refunded_minor_units_total{currency=~"$currency"}[1h]))',
              legend: '{{ currency }}',
            },
          ],
          { description: 'Refunds of the last hour, in minor units.', min: 0 },
        ),
        curves(
          'How checkouts end',
          'opm',
          [
            {
              expr: `60 * sum by (to, cause) (${perSecond('souk_checkout_transitions_total{to=~"confirmed|cancelled"}')})`,
              legend: '{{ to }}: {{ cause }}',
            },
          ],
          { description: 'Orders a minute that were confirmed or cancelled, by what moved them.', width: 12, min: 0, stacked: true },
        ),
        curves(
          'Payments',
          'opm',
          [{ expr: `60 * sum by (status) (${perSecond('souk_payments_settled_total')})`, legend: '{{ status }}' }],
          {
            description: 'Payments a minute by their outcome; unknown ones are asked again until they are known.',
            width: 12,
            min: 0,
            stacked: true,
          },
        ),
      ],
    },
    {
      title: 'Budgets and alerts',
      panels: [
        bars(
          'Budget left of three days',
          'percentunit',
          [
            { expr: '1 - souk:checkout_failures:ratio_rate3d / 0.005', legend: 'checkout success' },
            { expr: '1 - souk:checkout_slowness:ratio_rate3d / 0.05', legend: 'checkout latency' },
            { expr: '1 - souk:read_failures:ratio_rate3d / 0.001', legend: 'reads' },
          ],
          {
            description: 'What is left of the failures each objective allows, seen over three days; below 0 the objective is missed.',
            min: -1,
            max: 1,
            limits: { orange: 0.5, red: 0, good: 'high' },
            runbooks: ['checkout-budget-burning', 'checkout-latency-budget-burning', 'reads-budget-burning'],
          },
        ),
        bars('Instances that answer', 'none', [{ expr: 'souk:service_instances:up', legend: '{{ service }}' }], {
          description: 'Processes of each service that Prometheus can read.',
          min: 0,
          limits: { red: 1, good: 'high' },
          runbooks: ['service-down', 'instance-down'],
        }),
        list('Alerts', 'none', [{ expr: 'ALERTS{alertstate="firing"}' }], {
          description: 'What fires now. The file of an alert in docs/runbooks is called like it.',
          width: 8,
        }),
        curves(
          'Orders refused',
          'reqps',
          [
            {
              expr: `sum by (status) (${perSecond(`souk_http_requests_total${placing.replace('}', ', status=~"4..|5.."}')}`)})`,
              legend: '{{ status }}',
            },
          ],
          {
            description: 'POST /api/orders by the status of its refusal. 4xx is the fault of the request, 5xx is ours.',
            width: 24,
            min: 0,
            runbooks: ['checkout-failing'],
          },
        ),
      ],
    },
  ],
};
