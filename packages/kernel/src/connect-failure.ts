const connectFailures = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether no connection came about, so that nothing was sent. */
export function isConnectFailure(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: string; cause?: unknown };
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isConnectFailure);
  return (code !== undefined && connectFailures.has(code)) || (cause !== undefined && isConnectFailure(cause));
}
