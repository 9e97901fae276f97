import {
  counter,
  durationBuckets,
  everyInstance,
  everyProcess,
  everyService,
  gauge,
  histogram,
  redisClients,
  sharedGauge,
} from './define-metric.ts';

const namespace = 'caches of the process';

/** What a process stands on: its database, its cache, Redis, its jobs, and itself. */
export const platformMetrics = {
  souk_build_info: gauge(everyProcess, 'processes', 'Always 1: which code runs, on which Node', { version: 'versions', node: 'versions' }),
  souk_database_connections: gauge(everyService, 'connections', 'Connections of the pool', { state: ['busy', 'idle'] }),
  souk_database_waiting: gauge(everyService, 'callers', 'Callers waiting for a connection', {}),
  souk_database_wait_seconds: histogram(
    everyService,
    'seconds',
    'Time callers waited for a connection, where they had to',
    {},
    durationBuckets,
  ),
  souk_traces_spans_total: counter(
    everyProcess,
    'spans',
    'Spans that ended: taken by the collector, lost in a delivery that failed, or dropped because too many waited',
    { outcome: ['exported', 'failed', 'dropped'] },
  ),
  souk_sample_age_seconds: sharedGauge(
    everyInstance,
    'seconds',
    'Age of values that were asked of a database or a broker; they are left out when they are too old to be true',
    { sample: ['queues', 'dead_letters', 'orders', 'webhooks'] },
  ),
  souk_cache_lookups_total: counter(
    everyService,
    'lookups',
    'Values asked for: found in memory or in the shared tier, loaded, or not there',
    {
      namespace,
      outcome: ['memory', 'tier2', 'load', 'absent', 'stale', 'load_failed'],
    },
  ),
  souk_cache_load_seconds: histogram(everyService, 'seconds', 'Time to load one value from its source', { namespace }, durationBuckets),
  souk_cache_entries: gauge(everyService, 'values', 'Values in memory', { namespace }),
  souk_cache_bytes: gauge(everyService, 'bytes', 'Estimated size of the values in memory', { namespace }),
  souk_cache_invalidations_total: counter(everyService, 'names', 'Keys and tags declared out of date', { namespace }),
  souk_cache_tier_away: gauge(everyService, 'tiers', '1 while the shared tier is left alone because it fails, else 0', { namespace }),
  souk_cache_tier_failures_total: counter(everyService, 'calls', 'Calls of the shared tier without a result', {
    namespace,
    kind: ['failed', 'left_alone', 'damaged'],
  }),
  souk_redis_away: gauge(redisClients, 'connections', '1 while Redis does not answer this process, else 0; absent where none is used', {}),
  souk_redis_losses_total: counter(redisClients, 'losses', 'Times Redis was there and went away', {}),
  souk_redis_failures_total: counter(redisClients, 'calls', 'Calls of Redis without a reply', { kind: ['no_reply', 'lost'] }),
  souk_chaos_active: gauge(everyProcess, 'switches', '1 while a chaos switch of this kind is on, else 0; absent without CHAOS_TOKEN', {
    kind: ['latency', 'errors', 'unhealthy'],
  }),
  souk_chaos_injected_total: counter(
    everyProcess,
    'requests',
    'Requests held back or refused, and health answers changed, by a chaos switch',
    {
      kind: ['latency', 'errors', 'unhealthy'],
    },
  ),
  souk_job_runs_total: counter(everyProcess, 'runs', 'Runs of timed work', { job: 'jobs of the process', outcome: ['done', 'failed'] }),
  souk_job_duration_seconds: histogram(everyProcess, 'seconds', 'Time one run took', { job: 'jobs of the process' }, durationBuckets),
};
