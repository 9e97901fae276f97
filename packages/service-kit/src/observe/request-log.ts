/**
 * The line of each request. Those of everyday are written together some moments later: a logger that runs once between
 * two requests finds nothing of itself in the caches of the processor, and then a line costs three times as much.
 */
import { type Log, writesInfo } from '@souk/kernel';
import { linesAsOf } from './create-log.ts';

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
}

const gatherMs = 20;
const message = 'request';
let waiting: { log: Log; line: RequestLine; at_ms: number }[] = [];

/** Writes the line with the time of this call: at once, after all before it, where the request failed through us. */
export function logRequestLine(log: Log, line: RequestLine): void {
  const level = requestLevel(line.status);
  if (level !== 'info') {
    writeWaitingLines();
    log[level](line, message);
    return;
  }
  if (!writesInfo(log)) return;
  if (waiting.length === 0) setTimeout(writeWaitingLines, gatherMs).unref();
  waiting.push({ log, line, at_ms: Date.now() });
}

/** Writes what waits: for those who stop, and those who look at the log. */
export function writeWaitingLines(): void {
  const lines = waiting;
  waiting = [];
  for (const { log, line, at_ms } of lines) linesAsOf(at_ms, () => log.info(line, message));
}

// Before the logger writes its buffer for the last time.
process.prependListener('exit', writeWaitingLines);

/** The level of a request's line: 500 is a fault of ours, other 5xx say that something is away and will come back, the rest is everyday. */
function requestLevel(status: number): 'error' | 'warn' | 'info' {
  if (status === 500) return 'error';
  return status > 500 ? 'warn' : 'info';
}

/** Routes that are asked all the time though nothing happens: no line for them. They are counted like all others. */
export function isHeartbeat(path: string): boolean {
  return /^\/(health|metrics|registry|api\/status|internal\/figures)/.test(path);
}
