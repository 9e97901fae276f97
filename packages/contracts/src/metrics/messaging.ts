import {
  ageBuckets,
  counter,
  durationBuckets,
  everyInstance,
  everyService,
  gauge,
  histogram,
  sharedGauge,
  sizeBuckets,
} from './define-metric.ts';

const queue = 'queues of the service';

/** From the commit of an event to its effect in another service: outbox, broker, queues, consumers, dead letters. */
export const messagingMetrics = {
  souk_outbox_backlog: sharedGauge(everyService, 'events', 'Events committed and not yet confirmed by the broker', {}),
  souk_outbox_oldest_age_seconds: sharedGauge(everyService, 'seconds', 'How long the oldest of them has waited', {}),
  souk_outbox_published_total: counter(everyService, 'events', 'Events the broker has confirmed', {}),
  souk_outbox_unroutable_total: counter(everyService, 'events', 'Events that reached no queue and stay in the outbox', {}),
  souk_outbox_unconfirmed_total: counter(everyService, 'events', 'Events the broker did not confirm in time; they are published again', {}),
  souk_outbox_swept_total: counter(everyService, 'events', 'Events published by the poll because no relay had them in memory', {}),
  souk_broker_connected: gauge(everyService, 'connections', '1 while the broker takes and delivers messages, else 0', {}),
  souk_broker_incidents: gauge(everyService, 'queues', 'Queues that confirm or deliver nothing although the broker answers', {}),
  souk_consumer_attached: gauge(everyInstance, 'consumers', '1 while the consumer would be given messages, else 0', { queue }),
  souk_consumer_events_total: counter(everyInstance, 'events', 'Events settled: done, put back for a later try, or dead-lettered', {
    queue,
    outcome: ['done', 'retry', 'dead'],
  }),
  souk_consumer_redeliveries_total: counter(everyInstance, 'events', 'Deliveries that were not the first of their event', { queue }),
  souk_consumer_batch_seconds: histogram(everyInstance, 'seconds', 'Time to handle one batch', { queue }, durationBuckets),
  souk_consumer_batch_size: histogram(everyInstance, 'events', 'Events in one batch', { queue }, sizeBuckets),
  souk_consumer_event_age_seconds: histogram(
    everyInstance,
    'seconds',
    'Time from the timestamp of an event to the end of its handling; 0 where clocks disagree',
    { queue },
    ageBuckets,
  ),
  souk_queue_ready: sharedGauge(everyInstance, 'events', 'Events that wait in the queue, counted up to 100,000', { queue }),
  souk_queue_unsettled: gauge(everyInstance, 'events', 'Events delivered to this process and not settled', { queue }),
  souk_queue_oldest_age_seconds: sharedGauge(
    everyInstance,
    'seconds',
    'Age of the oldest waiting event; with RabbitMQ, how long the queue has not been seen empty',
    { queue },
  ),
  souk_dead_letters: sharedGauge(everyInstance, 'events', 'Dead-lettered events that wait for a decision, counted up to 10,000', { queue }),
};
