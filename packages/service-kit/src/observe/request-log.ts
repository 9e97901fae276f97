/** The level of a request's line: 500 is a fault of ours, other 5xx say that something is away and will come back, the rest is everyday. */
export function requestLevel(status: number): 'error' | 'warn' | 'info' {
  if (status === 500) return 'error';
  return status > 500 ? 'warn' : 'info';
}

/** Routes that are asked all the time though nothing happens: no line for them. They are counted like all others. */
export function isHeartbeat(path: string): boolean {
  return /^\/(health|metrics|registry|api\/status|internal\/figures)/.test(path);
}
