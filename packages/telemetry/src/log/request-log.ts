/** The line of each request. */
import type { Log } from '@souk/kernel';

export interface RequestLine {
  method: string | undefined;
  /** As declared. */
  route: string;
  status: number;
  ms: number;
  correlation_id: string;
  trace_id: string;
  /** The account that asked. */
  caller: string | undefined;
  /** Of who is refused for asking too much. */
  client_address?: string | undefined;
}

/** Writes it, at the level its status deserves. */
export function logRequestLine(log: Log, line: RequestLine): void {
  log[requestLevel(line.status)](line, 'request');
}

/** The level of a request's line: 500 is a fault of ours, other 5xx say that something is away and will come back, the rest is everyday. */
function requestLevel(status: number): 'error' | 'warn' | 'info' {
  if (status === 500) return 'error';
  return status > 500 ? 'warn' : 'info';
}

/** Routes that are asked all the time though nothing happens: no line for them. They are counted like all others. */
export function isHeartbeat(path: string): boolean {
  return /^\/(health|metrics|registry|api\/status|internal\/(status|platform-status))/.test(path);
}
