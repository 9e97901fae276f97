/** What everything stands on: processes, Redis, broker, PostgreSQL, and the telemetry itself. */
import { bars, curves, type Dashboard, list, number, perSecond } from './panel.ts';
import { serverRows } from './server-rows.ts';

export const infrastructure: Dashboard = {
  uid: 'souk-infrastructure',
  title: 'Souk: infrastructure',
  description:
    'Processes, RabbitMQ, PostgreSQL, Redis, and the telemetry itself. Rows of servers stay empty where their exporters do not run.',
  variables: [{ name: 'service', label: 'Service', query: 'label_values(up{job="souk"}, service)' }],
  rows: [
    {
      title: 'Processes',
      panels: [
        curves(
          'Memory',
          'bytes',
          [
            {
              expr: 'max by (process, service) (process_resident_memory_bytes{service=~"$service"})',
              legend: '{{ service }} {{ process }}',
            },
          ],
          {
            description: 'Held in RAM. In the embedded world all services share one process, and each shows the same.',
            min: 0,
            limits: { red: 1_073_741_824 },
            runbooks: ['memory-high'],
          },
        ),
        curves(
          'CPU',
          'percentunit',
          [
            {
              expr: `max by (process, service) (${perSecond('process_cpu_seconds_total{service=~"$service"}')})`,
              legend: '{{ service }} {{ process }}',
            },
          ],
          {
            description: '1 is one core.',
            min: 0,
            limits: { red: 0.9 },
          },
        ),
        curves(
          'Event loop (99 of 100)',
          's',
          [
            {
              expr: 'max by (process, service) (nodejs_eventloop_lag_p99_seconds{service=~"$service"})',
              legend: '{{ service }} {{ process }}',
            },
          ],
          {
            description: 'How late the event loop is.',
            min: 0,
            limits: { orange: 0.1, red: 0.25 },
            runbooks: ['event-loop-blocked'],
          },
        ),
        curves(
          'Garbage collection',
          'percentunit',
          [
            {
              expr: `max by (process, kind) (${perSecond('nodejs_gc_duration_seconds_sum{service=~"$service"}')})`,
              legend: '{{ process }} {{ kind }}',
            },
          ],
          {
            description: 'Share of the time spent in pauses.',
            min: 0,
          },
        ),
        curves('Open files', 'none', [{ expr: 'max by (process) (process_open_fds{service=~"$service"})', legend: '{{ process }}' }], {
          description: 'Connections are open files too.',
          min: 0,
        }),
        bars(
          'Starts in an hour',
          'none',
          [{ expr: 'sum by (service) (changes(process_start_time_seconds{service=~"$service"}[1h]) + 1)', legend: '{{ service }}' }],
          {
            description: 'How often processes of a service were started; one for each instance is normal.',
            min: 0,
            limits: { orange: 4, red: 8 },
            runbooks: ['process-restarting'],
          },
        ),
        list('What runs', 'none', [{ expr: 'max by (service, instance, instance_id, version, node) (souk_build_info)' }], {
          description: 'Version of the code and of Node in each instance.',
          width: 24,
        }),
      ],
    },
    ...serverRows,
    {
      title: 'Telemetry',
      panels: [
        curves('Targets', 'none', [{ expr: 'count by (job) (up == 1)', legend: '{{ job }}' }], {
          description: 'Processes that answer Prometheus.',
          width: 6,
          min: 0,
          runbooks: ['telemetry-lost', 'exporter-down'],
        }),
        curves('Time of a scrape', 's', [{ expr: 'max by (job, service) (scrape_duration_seconds)', legend: '{{ job }} {{ service }}' }], {
          description: 'How long /metrics takes.',
          width: 6,
          min: 0,
          limits: { red: 5 },
        }),
        number('Series', 'short', [{ expr: 'prometheus_tsdb_head_series' }], {
          description: 'In the memory of Prometheus. It grows with replicas and queues, never with clients.',
          width: 6,
          height: 8,
        }),
        curves(
          'Age of sampled metrics',
          's',
          [{ expr: 'max by (service, sample) (souk_sample_age_seconds)', legend: '{{ service }} {{ sample }}' }],
          {
            description: 'Backlogs, dead letters and orders are counted in the background; so old are the counts.',
            width: 6,
            min: 0,
            limits: { red: 60 },
            runbooks: ['samples-too-old'],
          },
        ),
        curves(
          'Spans',
          'ops',
          [{ expr: `sum by (service, outcome) (${perSecond('souk_traces_spans_total')})`, legend: '{{ service }} {{ outcome }}' }],
          {
            description: 'Spans sent to the collector, and those that were dropped or failed. Nothing where traces are off.',
            width: 8,
            min: 0,
            runbooks: ['traces-lost'],
          },
        ),
        curves('Rules', 's', [{ expr: 'max by (rule_group) (prometheus_rule_group_last_duration_seconds)', legend: '{{ rule_group }}' }], {
          description: 'How long the evaluation of each group takes.',
          width: 8,
          min: 0,
          runbooks: ['rules-failing'],
        }),
        curves(
          'Chaos',
          'ops',
          [
            { expr: `sum by (service, kind) (${perSecond('souk_chaos_injected_total')})`, legend: '{{ service }} {{ kind }}' },
            { expr: 'max by (service, kind) (souk_chaos_active)', legend: '{{ service }} {{ kind }} is on' },
          ],
          {
            description: 'Injected faults, and whether a chaos switch is on.',
            width: 8,
            min: 0,
            runbooks: ['chaos-active'],
          },
        ),
        curves(
          'Timed work of the gateway',
          's',
          [
            {
              expr: 'sum by (job) (souk_job_duration_seconds_sum{service="gateway"}) / sum by (job) (souk_job_duration_seconds_count{service="gateway"} > 0)',
              legend: '{{ job }}',
            },
          ],
          {
            description: 'Mean time of one run since the start; audits among them read the audit records of all services.',
            width: 24,
            min: 0,
            runbooks: ['job-failing'],
          },
        ),
      ],
    },
  ],
};
