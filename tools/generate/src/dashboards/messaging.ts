/** From the commit of an event to its effect elsewhere: outbox, broker, queues, consumers, dead letters. */
import { bars, curves, type Dashboard, list, perSecond, quantile, quantiles, states } from './panel.ts';

const byQueue = '{{ queue }}';
const byService = '{{ service }}';

export const messaging: Dashboard = {
  uid: 'souk-messaging',
  title: 'Souk: messaging',
  description: 'Events leave through an outbox, wait in the queue of each consumer, and have their effect once.',
  variables: [
    { name: 'service', label: 'Service', query: 'label_values(souk_outbox_backlog, service)' },
    { name: 'queue', label: 'Queue', query: 'label_values(souk_consumer_attached, queue)' },
  ],
  rows: [
    {
      title: 'Leaving',
      panels: [
        states('Broker', 'bool_on_off', [{ expr: 'min by (service) (souk_broker_connected{service=~"$service"})', legend: byService }], {
          description: 'Whether each service can publish and be given messages.',
          limits: { red: 1, good: 'high' },
          runbooks: ['broker-away'],
        }),
        curves(
          'Oldest event in the outbox',
          's',
          [{ expr: 'max by (service) (souk_outbox_oldest_age_seconds{service=~"$service"})', legend: byService }],
          {
            description: 'Events leave within milliseconds; this rises while the broker is away.',
            min: 0,
            limits: { orange: 5, red: 60 },
            runbooks: ['outbox-stuck'],
          },
        ),
        curves(
          'Events in the outbox',
          'none',
          [{ expr: 'max by (service) (souk_outbox_backlog{service=~"$service"})', legend: byService }],
          {
            description: 'Committed and not yet confirmed by the broker.',
            min: 0,
            runbooks: ['outbox-stuck'],
          },
        ),
        curves(
          'Published',
          'ops',
          [{ expr: `sum by (service) (${perSecond('souk_outbox_published_total{service=~"$service"}')})`, legend: byService }],
          {
            description: 'Events the broker has confirmed.',
            min: 0,
          },
        ),
        curves(
          'Sent back',
          'ops',
          [{ expr: `sum by (service) (${perSecond('souk_outbox_unroutable_total{service=~"$service"}')})`, legend: byService }],
          {
            description: 'Events no queue takes; they stay in the outbox. It is never anything but 0.',
            min: 0,
            runbooks: ['outbox-unroutable'],
          },
        ),
        curves(
          'Found by the poll',
          'ops',
          [{ expr: `sum by (service) (${perSecond('souk_outbox_swept_total{service=~"$service"}')})`, legend: byService }],
          {
            description: 'Events that no relay had in memory: left behind by a process that died, or by a full relay.',
            min: 0,
          },
        ),
        curves('Stuck queues', 'none', [{ expr: 'max by (service) (souk_broker_incidents{service=~"$service"})', legend: byService }], {
          description: 'Queues that confirm or deliver nothing to a service although the broker answers.',
          width: 12,
          min: 0,
          limits: { red: 1 },
          runbooks: ['broker-queue-silent'],
        }),
        curves(
          'Not confirmed in time',
          'ops',
          [{ expr: `sum by (service) (${perSecond('souk_outbox_unconfirmed_total{service=~"$service"}')})`, legend: byService }],
          {
            description: 'Events the broker did not confirm in time; they are published again.',
            width: 12,
            min: 0,
            runbooks: ['broker-queue-silent', 'broker-alarm'],
          },
        ),
      ],
    },
    {
      title: 'Waiting',
      panels: [
        curves('Waiting messages', 'none', [{ expr: 'max by (queue) (souk_queue_ready{queue=~"$queue"})', legend: byQueue }], {
          description: 'Messages in the queue of each consumer that are not delivered yet.',
          min: 0,
          limits: { orange: 100, red: 1000 },
          runbooks: ['queue-backlog'],
        }),
        curves(
          'Oldest waiting message',
          's',
          [{ expr: 'max by (queue) (souk_queue_oldest_age_seconds{queue=~"$queue"})', legend: byQueue }],
          {
            description: 'With RabbitMQ: how long the queue has not been seen empty.',
            min: 0,
            limits: { orange: 10, red: 120 },
            runbooks: ['queue-stuck'],
          },
        ),
        curves('Being handled', 'none', [{ expr: 'sum by (queue) (souk_queue_unsettled{queue=~"$queue"})', legend: byQueue }], {
          description: 'Messages delivered and not settled yet.',
          min: 0,
        }),
        states(
          'Consumers attached',
          'bool_on_off',
          [{ expr: 'max by (queue) (souk_consumer_attached{queue=~"$queue"})', legend: byQueue }],
          {
            description: 'Whether a consumer is attached to the queue.',
            width: 16,
            limits: { red: 1, good: 'high' },
            runbooks: ['consumer-detached'],
          },
        ),
        bars('Dead letters', 'none', [{ expr: 'max by (queue) (souk_dead_letters{queue=~"$queue"})', legend: byQueue }], {
          description: 'Messages that are not retried any more and wait for an operator.',
          min: 0,
          limits: { red: 1 },
          runbooks: ['dead-letters'],
        }),
      ],
    },
    {
      title: 'Handling',
      panels: [
        curves(
          'Handled',
          'ops',
          [{ expr: `sum by (queue) (${perSecond('souk_consumer_events_total{outcome="done", queue=~"$queue"}')})`, legend: byQueue }],
          {
            description: 'Events that had their effect.',
            min: 0,
          },
        ),
        curves(
          'Retried and dead-lettered',
          'ops',
          [
            {
              expr: `sum by (queue, outcome) (${perSecond('souk_consumer_events_total{outcome=~"retry|dead", queue=~"$queue"}')})`,
              legend: '{{ queue }} {{ outcome }}',
            },
          ],
          {
            description: 'retry: put back for a later try; dead: a permanent failure, or the last try.',
            min: 0,
            runbooks: ['dead-letters'],
          },
        ),
        curves(
          'Delivered more than once',
          'ops',
          [{ expr: `sum by (queue) (${perSecond('souk_consumer_redeliveries_total{queue=~"$queue"}')})`, legend: byQueue }],
          {
            description: 'Deliveries that were not the first of their event. They are harmless; many of them mean lost connections.',
            min: 0,
          },
        ),
        curves('From event to effect', 's', quantiles('souk_consumer_event_age_seconds', '{queue=~"$queue"}'), {
          description: 'Time from the timestamp of an event to the end of its handling, all queues together.',
          min: 0,
        }),
        curves(
          'From event to effect (99 of 100)',
          's',
          [{ expr: quantile(0.99, 'souk_consumer_event_age_seconds', 'queue', '{queue=~"$queue"}'), legend: byQueue, exemplar: true }],
          {
            description: 'The same for each queue.',
            min: 0,
          },
        ),
        curves(
          'Time for one batch (95 of 100)',
          's',
          [{ expr: quantile(0.95, 'souk_consumer_batch_seconds', 'queue', '{queue=~"$queue"}'), legend: byQueue }],
          {
            description: 'One transaction for all events of a batch.',
            min: 0,
          },
        ),
        curves(
          'Events in a batch',
          'none',
          [
            {
              expr: `sum by (queue) (${perSecond('souk_consumer_batch_size_sum{queue=~"$queue"}')}) / (sum by (queue) (${perSecond('souk_consumer_batch_size_count{queue=~"$queue"}')}) > 0)`,
              legend: byQueue,
            },
          ],
          {
            description: 'The mean. Batches grow when events come faster than they are handled.',
            min: 0,
          },
        ),
        list(
          'Ends of the last hour',
          'none',
          [{ expr: 'sum by (queue, outcome) (increase(souk_consumer_events_total{queue=~"$queue"}[1h]))' }],
          {
            description: 'Events by queue and what became of them.',
            width: 16,
          },
        ),
      ],
    },
  ],
};
