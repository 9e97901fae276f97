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
  /** The API key it asked with. */
  api_key?: string | undefined;
  /** Of who is refused for asking too much. */
  client_address?: string | undefined;
}

/** A logger that can write everyday lines of requests without its general way. */
export interface RequestLog extends Log {
  requestLine(line: RequestLine): void;
}

/** Writes it, at the level its status deserves. */
export function logRequestLine(log: Log, line: RequestLine): void {
  const level = requestLevel(line.status);
  if (level === 'info' && 'requestLine' in log) (log as RequestLog).requestLine(line);
  else log[level](line, 'request');
}

/**
 * The line as JSON text, between what every line begins with and its end: the same that the general way writes, for a quarter of its CPU.
 * Undefined when a member might have to be quoted or scrubbed: methods and routes are declared, numbers are numbers, and ids have
 * none of the characters that matter, save a correlation id, which a client may choose.
 */
export function requestText({
  method,
  route,
  status,
  ms,
  correlation_id,
  trace_id,
  caller,
  api_key,
  client_address,
}: RequestLine): string | undefined {
  if (client_address !== undefined || !plainId.test(correlation_id) || correlation_id.includes('eyJ')) return undefined;
  const key = api_key === undefined ? '' : `,"api_key":"${api_key}"`;
  const who = caller === undefined ? '' : `,"caller":"${caller}"${key}`;
  return `"method":"${method}","route":"${route}","status":${status},"ms":${ms},"correlation_id":"${correlation_id}","trace_id":"${trace_id}"${who},"msg":"request"}\n`;
}

const plainId = /^[A-Za-z0-9.-]{1,64}$/;

/** The level of a request's line: 500 is a fault of ours, other 5xx say that something is away and will come back, the rest is everyday. */
function requestLevel(status: number): 'error' | 'warn' | 'info' {
  if (status === 500) return 'error';
  return status > 500 ? 'warn' : 'info';
}

/** Routes that are asked all the time though nothing happens: no line for them. They are counted like all others. */
export function isHeartbeat(path: string): boolean {
  return /^\/(health|metrics|registry|api\/status|internal\/(status|platform-status))/.test(path);
}
