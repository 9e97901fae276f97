import { counter, gauge, sharedGauge, upstreams } from './define-metric.ts';

const gateway = ['gateway'] as const;

/** What the gateway does for the services behind it. */
export const gatewayMetrics = {
  souk_gateway_breaker_state: sharedGauge(
    gateway,
    'state',
    'Whether calls are let through: 0 closed (all), 1 half open (one), 2 open (none)',
    {
      upstream: upstreams,
    },
  ),
  souk_gateway_retries_total: counter(gateway, 'requests', 'Requests tried again on another instance', { upstream: upstreams }),
  souk_gateway_upstream_failures_total: counter(gateway, 'requests', 'Attempts that got no answer, or half of one', {
    upstream: upstreams,
    kind: ['connect', 'broken_off'],
  }),
  souk_gateway_upstream_requests: gauge(gateway, 'requests', 'Requests under way to services', {}),
  souk_gateway_buffered_bytes: gauge(
    gateway,
    'bytes',
    'Bodies and answers held in memory for clients that are slower than the services',
    {},
  ),
  souk_gateway_catalogue_reads_total: counter(gateway, 'requests', 'Reads of the catalogue by how they were answered', {
    outcome: ['memory', 'loaded', 'stale'],
  }),
  souk_gateway_catalogue_bytes: gauge(gateway, 'bytes', 'Answers of the catalogue held in memory', {}),
  souk_gateway_connections_closed_total: counter(gateway, 'connections', 'Client connections closed because there were too many', {
    reason: ['address', 'idle'],
  }),
  souk_gateway_rate_limited_total: counter(gateway, 'requests', 'Requests refused with 429', { class: ['auth', 'write', 'read', 'asset'] }),
  souk_gateway_rate_limit_keys: gauge(gateway, 'callers', 'Callers whose requests are being counted', {
    class: ['auth', 'write', 'read', 'asset'],
  }),
  souk_gateway_malformed_total: counter(gateway, 'requests', 'Connections that sent no HTTP request, or too late', {
    status: 'status codes',
  }),
  souk_gateway_parts_missing_total: counter(gateway, 'answers', 'Joined answers that had to leave out the part of a service', {
    upstream: upstreams,
  }),
  souk_gateway_broadcasts_total: counter(gateway, 'events', 'Broadcasts received', { entity: ['order', 'product', 'inventory'] }),
  souk_gateway_streams: gauge(gateway, 'streams', 'Streams and WebSockets open for live updates', {}),
  souk_gateway_streams_ended_total: counter(gateway, 'streams', 'Streams and WebSockets for live updates that have ended, by the reason', {
    reason: ['done', 'client', 'token', 'slow', 'stopping', 'idle', 'flood'],
  }),
  souk_gateway_live_reads_total: counter(gateway, 'requests', 'Requests to services for what is new for all streams', {
    outcome: ['answered', 'failed'],
  }),
  souk_discovery_instances: sharedGauge(gateway, 'instances', 'Instances in the registry', {
    upstream: upstreams,
    state: ['healthy', 'unhealthy'],
  }),
};
