/** One dashboard for each service: the same rows in the same order, and one row of its own business. */
import { queues, type ServiceName, serviceEntry } from '@souk/contracts';
import { ownRows } from './own-rows.ts';
import { curves, type Dashboard, list, number, perSecond, quantile, quantiles, type Row } from './panel.ts';

type DataService = Exclude<ServiceName, 'gateway'>;

export function serviceDashboard(service: DataService): Dashboard {
  const has_database = serviceEntry(service)?.has_database ?? false;
  const subscribes = Object.keys(queues).some((queue) => queue.startsWith(`${service}.`));
  return {
    uid: `souk-${service}`,
    title: `Souk: ${service}`,
    description: has_database
      ? `Requests, consumers, outbox, database, cache and process of ${service}.`
      : `Requests, timed work and process of ${service}.`,
    variables: [{ name: 'instance', label: 'Instance', query: `label_values(up{job="souk", service="${service}"}, instance)` }],
    rows: [
      requestRow(service),
      ...ownRows(service),
      ...(subscribes ? [consumerRow(service)] : []),
      ...(has_database ? [outboxRow(service), databaseRow(service), cacheAndWorkRow(service)] : [workRow(service)]),
      processRow(service),
    ],
  };
}

const of = (service: string, more = ''): string => `{service="${service}", instance=~"$instance"${more}}`;

function requestRow(service: DataService): Row {
  const asked = of(service, ', route!~"/health.*|/metrics"');
  return {
    title: 'Requests',
    panels: [
      number('Instances', 'none', [{ expr: `souk:service_instances:up{service="${service}"}` }], {
        description: 'Processes that Prometheus can read.',
        width: 3,
        height: 8,
        limits: { red: 1, good: 'high' },
        runbooks: ['service-down', 'instance-down'],
      }),
      curves(
        'Requests',
        'reqps',
        [{ expr: `sum by (method, route) (${perSecond(`souk_http_requests_total${asked}`)})`, legend: '{{ method }} {{ route }}' }],
        {
          description: 'By route; health checks left out.',
          width: 7,
          min: 0,
        },
      ),
      curves('Answers', 'reqps', [{ expr: `sum by (status) (${perSecond(`souk_http_requests_total${asked}`)})`, legend: '{{ status }}' }], {
        description: 'By status.',
        width: 7,
        min: 0,
        stacked: true,
        runbooks: ['service-errors'],
      }),
      curves('Duration', 's', quantiles('souk_http_request_duration_seconds', asked), {
        description: 'From the headers of a request to the end of its answer. Diamonds are traces of single requests.',
        width: 7,
        min: 0,
      }),
    ],
  };
}

function consumerRow(service: DataService): Row {
  return {
    title: 'Consumers',
    panels: [
      curves(
        'Events',
        'ops',
        [
          {
            expr: `sum by (queue, outcome) (${perSecond(`souk_consumer_events_total${of(service)}`)})`,
            legend: '{{ queue }} {{ outcome }}',
          },
        ],
        {
          description: 'done, put back for a later try, or dead-lettered.',
          width: 6,
          min: 0,
          runbooks: ['dead-letters'],
        },
      ),
      curves(
        'From event to effect (99 of 100)',
        's',
        [{ expr: quantile(0.99, 'souk_consumer_event_age_seconds', 'queue', of(service)), legend: '{{ queue }}', exemplar: true }],
        {
          description: 'Time from the timestamp of an event to the end of its handling here.',
          width: 6,
          min: 0,
        },
      ),
      curves('Waiting', 'none', [{ expr: `max by (queue) (souk_queue_ready${of(service)})`, legend: '{{ queue }}' }], {
        description: 'Messages that are not delivered yet.',
        width: 6,
        min: 0,
        limits: { orange: 100, red: 1000 },
        runbooks: ['queue-backlog', 'queue-stuck'],
      }),
      curves('Dead letters', 'none', [{ expr: `max by (queue) (souk_dead_letters${of(service)})`, legend: '{{ queue }}' }], {
        description: 'Messages that are not retried any more and wait for an operator.',
        width: 6,
        min: 0,
        limits: { red: 1 },
        runbooks: ['dead-letters'],
      }),
    ],
  };
}

function outboxRow(service: DataService): Row {
  return {
    title: 'Outbox',
    panels: [
      curves('Published', 'ops', [{ expr: `sum(${perSecond(`souk_outbox_published_total${of(service)}`)})`, legend: 'published' }], {
        description: 'Events the broker has confirmed.',
        min: 0,
      }),
      curves('Waiting events', 'none', [{ expr: `max(souk_outbox_backlog${of(service)})`, legend: 'waiting' }], {
        description: 'Committed and not yet confirmed.',
        min: 0,
        runbooks: ['outbox-stuck'],
      }),
      curves('Oldest event', 's', [{ expr: `max(souk_outbox_oldest_age_seconds${of(service)})`, legend: 'oldest' }], {
        description: 'How long it has waited.',
        min: 0,
        limits: { orange: 5, red: 60 },
        runbooks: ['outbox-stuck', 'broker-away'],
      }),
    ],
  };
}

function databaseRow(service: DataService): Row {
  return {
    title: 'Database',
    panels: [
      curves(
        'Connections',
        'none',
        [
          { expr: `sum by (state) (souk_database_connections${of(service)})`, legend: '{{ state }}' },
          { expr: `sum(souk_database_waiting${of(service)})`, legend: 'callers waiting' },
        ],
        {
          description: 'Connections of the pool, and who waits for one.',
          width: 12,
          min: 0,
          runbooks: ['database-pool-exhausted'],
        },
      ),
      curves(
        'Waiting for connections',
        's',
        [{ expr: `sum(${perSecond(`souk_database_wait_seconds_sum${of(service)}`)})`, legend: 'in each second' }],
        {
          description: 'Seconds that all callers together spend waiting, in each second; 0 while the pool is large enough.',
          width: 12,
          min: 0,
          runbooks: ['database-pool-exhausted'],
        },
      ),
    ],
  };
}

function cacheAndWorkRow(service: DataService): Row {
  return {
    title: 'Cache and timed work',
    panels: [
      curves(
        'Cache',
        'ops',
        [
          {
            expr: `sum by (namespace, outcome) (${perSecond(`souk_cache_lookups_total${of(service)}`)})`,
            legend: '{{ namespace }} {{ outcome }}',
          },
        ],
        {
          description: 'Found in memory or in the shared tier, loaded, or not there; stale: an old value because the source failed.',
          width: 6,
          min: 0,
        },
      ),
      curves('Values in memory', 'bytes', [{ expr: `sum by (namespace) (souk_cache_bytes${of(service)})`, legend: '{{ namespace }}' }], {
        description: 'Estimated size; it is bounded.',
        width: 6,
        min: 0,
      }),
      ...workPanels(service, 6),
    ],
  };
}

function workRow(service: DataService): Row {
  return { title: 'Timed work', panels: workPanels(service, 12) };
}

function workPanels(service: DataService, width: number): Row['panels'] {
  return [
    curves(
      'Timed work',
      'ops',
      [{ expr: `sum by (job, outcome) (${perSecond(`souk_job_runs_total${of(service)}`)})`, legend: '{{ job }} {{ outcome }}' }],
      {
        description: 'Runs of jobs. A failed one is tried again after a growing pause.',
        width,
        min: 0,
        runbooks: ['job-failing'],
      },
    ),
    curves(
      'Mean time of one run',
      's',
      [
        {
          expr: `sum by (job) (souk_job_duration_seconds_sum${of(service)}) / sum by (job) (souk_job_duration_seconds_count${of(service)} > 0)`,
          legend: '{{ job }}',
        },
      ],
      {
        description: 'Since the process started; some jobs run once in hours.',
        width,
        min: 0,
      },
    ),
  ];
}

function processRow(service: DataService): Row {
  return {
    title: 'Process',
    panels: [
      curves(
        'Event loop (99 of 100)',
        's',
        [{ expr: `max by (process) (nodejs_eventloop_lag_p99_seconds${of(service)})`, legend: '{{ process }}' }],
        {
          description: 'How late the event loop is. In the embedded world one process hosts all services.',
          width: 6,
          min: 0,
          limits: { orange: 0.1, red: 0.25 },
          runbooks: ['event-loop-blocked'],
        },
      ),
      curves(
        'Memory',
        'bytes',
        [
          { expr: `max by (process) (process_resident_memory_bytes${of(service)})`, legend: '{{ process }}' },
          { expr: `max by (process) (nodejs_heap_size_used_bytes${of(service)})`, legend: '{{ process }} heap' },
        ],
        {
          description: 'Held in RAM, and the used part of the heap.',
          width: 6,
          min: 0,
          limits: { red: 1_073_741_824 },
          runbooks: ['memory-high'],
        },
      ),
      curves(
        'CPU',
        'percentunit',
        [{ expr: `max by (process) (${perSecond(`process_cpu_seconds_total${of(service)}`)})`, legend: '{{ process }}' }],
        {
          description: '1 is one core.',
          width: 6,
          min: 0,
          limits: { red: 0.9 },
        },
      ),
      list('What runs', 'none', [{ expr: `max by (instance, version, node) (souk_build_info${of(service)})` }], {
        description: 'Version of the code and of Node in each instance.',
        width: 6,
      }),
    ],
  };
}
