/** RFC 9110, section 7.6.1: for one connection only. */
export const hopByHop: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Headers of a service's answer that clients do not get: of its connection, of its make, or set by the gateway itself. */
export const notReturned: ReadonlySet<string> = new Set([
  ...hopByHop,
  'server',
  'x-powered-by',
  'x-correlation-id',
  'traceparent',
  'ratelimit',
  'ratelimit-policy',
]);
