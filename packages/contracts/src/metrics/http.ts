import { counter, everyProcess, gauge, histogram, requestBuckets } from './define-metric.ts';

/** Rate, errors and duration of requests, the same in the gateway and in every service. */
export const httpMetrics = {
  souk_http_requests_total: counter(everyProcess, 'requests', 'Requests answered; 499 where the client left first', {
    method: 'methods of declared routes',
    route: 'declared routes',
    status: 'status codes',
  }),
  souk_http_request_duration_seconds: histogram(
    everyProcess,
    'seconds',
    'Time from the headers of a request to the end of its answer',
    { method: 'methods of declared routes', route: 'declared routes' },
    requestBuckets,
  ),
  souk_http_requests_in_flight: gauge(everyProcess, 'requests', 'Requests under way', {}),
};
