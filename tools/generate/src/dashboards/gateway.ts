/** The one door: what comes in, what is refused, and how the services behind it look from there. */
import { curves, type Dashboard, number, perSecond, quantile, quantiles, states } from './panel.ts';

const own = 'service="gateway", instance=~"$instance"';
const asked = `{${own}, route!~"/health.*|/metrics|/registry.*"}`;

export const gateway: Dashboard = {
  uid: 'souk-gateway',
  title: 'Souk: gateway',
  description: 'Requests as clients see them, refusals, breakers and discovery.',
  variables: [{ name: 'instance', label: 'Instance', query: 'label_values(up{job="souk", service="gateway"}, instance)' }],
  rows: [
    {
      title: 'Requests of clients',
      panels: [
        curves(
          'Requests',
          'reqps',
          [{ expr: `sum by (method, route) (${perSecond(`souk_http_requests_total${asked}`)})`, legend: '{{ method }} {{ route }}' }],
          {
            description: 'By route; health checks and registrations left out.',
            min: 0,
          },
        ),
        curves(
          'Answers',
          'reqps',
          [{ expr: `sum by (status) (${perSecond(`souk_http_requests_total${asked}`)})`, legend: '{{ status }}' }],
          {
            description: 'By status. 499: the client left before its answer was there.',
            min: 0,
            stacked: true,
            runbooks: ['service-errors'],
          },
        ),
        curves('Duration', 's', quantiles('souk_http_request_duration_seconds', asked), {
          description: 'All routes together. Orders that wait for their end (Prefer: wait) take as long as they ask for.',
          min: 0,
        }),
        curves(
          'Duration by route (95 of 100)',
          's',
          [
            {
              expr: quantile(0.95, 'souk_http_request_duration_seconds', 'method, route', asked),
              legend: '{{ method }} {{ route }}',
              exemplar: true,
            },
          ],
          {
            description: 'Which routes are slow.',
            width: 12,
            min: 0,
          },
        ),
        curves(
          'Under way',
          'none',
          [
            { expr: `sum by (instance) (souk_http_requests_in_flight{${own}})`, legend: '{{ instance }}' },
            { expr: `sum by (instance) (souk_gateway_upstream_requests{instance=~"$instance"})`, legend: '{{ instance }} to services' },
          ],
          {
            description: 'Requests of clients, and those the gateway has sent on.',
            width: 12,
            min: 0,
          },
        ),
      ],
    },
    {
      title: 'Refusals',
      panels: [
        curves(
          'Too many requests',
          'reqps',
          [{ expr: `sum by (class) (${perSecond('souk_gateway_rate_limited_total{instance=~"$instance"}')})`, legend: '{{ class }}' }],
          {
            description: 'Requests refused with 429, by class of limit.',
            min: 0,
            runbooks: ['rate-limit-surge'],
          },
        ),
        number('Share refused', 'percentunit', [{ expr: 'souk:gateway_rate_limited:ratio_rate5m' }], {
          description: 'Of all requests in five minutes.',
          height: 8,
          limits: { orange: 0.02, red: 0.1 },
          runbooks: ['rate-limit-surge'],
        }),
        curves(
          'Callers being counted',
          'none',
          [{ expr: 'sum by (class) (souk_gateway_rate_limit_keys{instance=~"$instance"})', legend: '{{ class }}' }],
          {
            description: 'Users and addresses in the windows of the limits. It is bounded, and a jump means many new addresses.',
            width: 6,
            min: 0,
          },
        ),
        curves(
          'No HTTP',
          'reqps',
          [{ expr: `sum by (status) (${perSecond('souk_gateway_malformed_total{instance=~"$instance"}')})`, legend: '{{ status }}' }],
          {
            description: 'Connections that sent something else than a request, or too slowly.',
            width: 6,
            min: 0,
          },
        ),
        curves(
          'Held for slow clients',
          'bytes',
          [{ expr: 'sum by (instance) (souk_gateway_buffered_bytes{instance=~"$instance"})', legend: '{{ instance }}' }],
          {
            description: 'Bodies and answers in memory because their clients are slower than the services. BUFFER_BYTES_MAX bounds it.',
            width: 12,
            min: 0,
          },
        ),
        curves(
          'Connections closed',
          'cps',
          [
            {
              expr: `sum by (reason) (${perSecond('souk_gateway_connections_closed_total{instance=~"$instance"}')})`,
              legend: '{{ reason }}',
            },
          ],
          {
            description: 'Beyond the share of one address (address), or idle while there were nearly too many (idle).',
            width: 12,
            min: 0,
          },
        ),
        curves(
          'Catalogue reads',
          'reqps',
          [
            {
              expr: `sum by (outcome) (${perSecond('souk_gateway_catalogue_reads_total{instance=~"$instance"}')})`,
              legend: '{{ outcome }}',
            },
          ],
          {
            description: 'From memory, loaded from the service, or an older copy while the service does not answer (stale).',
            width: 12,
            min: 0,
          },
        ),
        curves(
          'Catalogue in memory',
          'bytes',
          [{ expr: 'sum by (instance) (souk_gateway_catalogue_bytes{instance=~"$instance"})', legend: '{{ instance }}' }],
          {
            description: 'Answers kept for a second, and as a reserve. CATALOGUE_MEMORY_BYTES_MAX bounds it.',
            width: 12,
            min: 0,
          },
        ),
      ],
    },
    {
      title: 'Live updates',
      panels: [
        curves(
          'Open streams',
          'none',
          [{ expr: 'sum by (instance) (souk_gateway_streams{instance=~"$instance"})', legend: '{{ instance }}' }],
          { description: 'Connections held open for clients that watch. STREAMS_MAX bounds them.', width: 8, min: 0 },
        ),
        curves(
          'Streams that ended',
          'none',
          [
            {
              expr: `sum by (reason) (${perSecond('souk_gateway_streams_ended_total{instance=~"$instance"}')})`,
              legend: '{{ reason }}',
            },
          ],
          { description: 'A second. slow: the client did not read. token: it comes back with a new one.', width: 8, min: 0 },
        ),
        curves(
          'Reads for all streams',
          'reqps',
          [
            {
              expr: `sum by (outcome) (${perSecond('souk_gateway_live_reads_total{instance=~"$instance"}')})`,
              legend: '{{ outcome }}',
            },
          ],
          { description: 'Requests to services for what is new: one for all who watch.', width: 8, min: 0 },
        ),
      ],
    },
    {
      title: 'Services behind it',
      panels: [
        states('Breakers', 'none', [{ expr: 'max by (upstream) (souk_gateway_breaker_state)', legend: '{{ upstream }}' }], {
          description: '0 closed: all pass; 1 half open: one is tried; 2 open: none pass.',
          limits: { orange: 1, red: 2 },
          runbooks: ['breaker-open'],
        }),
        curves(
          'Failed attempts',
          'reqps',
          [{ expr: `sum by (upstream, kind) (${perSecond('souk_gateway_upstream_failures_total')})`, legend: '{{ upstream }} {{ kind }}' }],
          {
            description: 'Attempts that got no answer (connect) or half of one (broken_off).',
            min: 0,
            runbooks: ['breaker-open'],
          },
        ),
        curves(
          'Tried again',
          'reqps',
          [{ expr: `sum by (upstream) (${perSecond('souk_gateway_retries_total')})`, legend: '{{ upstream }}' }],
          {
            description: 'Requests sent a second time, to another instance where there is one; at most 20 % of all.',
            min: 0,
          },
        ),
        curves(
          'Instances',
          'none',
          [{ expr: 'max by (upstream, state) (souk_discovery_instances)', legend: '{{ upstream }} {{ state }}' }],
          {
            description: 'What the registry holds, and what the gateways find when they check.',
            min: 0,
            runbooks: ['instance-down'],
          },
        ),
        curves(
          'Parts left out',
          'ops',
          [{ expr: `sum by (upstream) (${perSecond('souk_gateway_parts_missing_total')})`, legend: '{{ upstream }}' }],
          {
            description: 'Joined answers (order details) that had to do without a service.',
            min: 0,
          },
        ),
        curves(
          'Broadcasts received',
          'ops',
          [{ expr: `sum by (entity) (${perSecond('souk_gateway_broadcasts_total')})`, legend: '{{ entity }}' }],
          {
            description: 'What wakes live updates.',
            min: 0,
          },
        ),
      ],
    },
  ],
};
