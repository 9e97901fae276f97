/** A JSON log line as people read it on a terminal. */
import { stripVTControlCharacters } from 'node:util';

export interface ReadableLineOptions {
  colours: boolean;
  /** Where lines of several services stand below one another and nothing else says whose they are. */
  with_service: boolean;
}

interface LogLine {
  level: string;
  time?: string;
  msg?: string;
  service?: string;
  err?: { message?: string; stack?: string };
  [member: string]: unknown;
}

const levelColours: Readonly<Record<string, number>> = { debug: 90, warn: 33, error: 31 };
const lineLengthMost = 4_000;
const serviceWidth = 13;
/** Shown in a place of their own, or said by it. */
const placedMembers = new Set(['level', 'time', 'msg', 'err', 'service', 'instance_id', 'pid', 'hostname']);
const requestMembers = new Set(['method', 'route', 'status', 'ms']);

/** The time of day, the level and the message, then the fields as `name=value`; the stack of an error below. Other text stays as it is. */
export function readableLine(text: string, { colours, with_service }: ReadableLineOptions): string[] {
  const parsed = parseLogLine(text);
  if (!parsed) return [cut(stripVTControlCharacters(text))];
  const { level, time = '', service, err } = parsed;
  const isRequest = typeof parsed['method'] === 'string' && typeof parsed['route'] === 'string' && parsed['status'] !== undefined;
  const members = Object.entries(parsed)
    .filter(([member]) => !placedMembers.has(member) && !(isRequest && requestMembers.has(member)))
    .map(([member, value]) => `${member}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const cause = err?.message === undefined ? [] : [err.message];
  const what = isRequest ? requestText(parsed) : (parsed.msg ?? '');
  const colour = colours ? levelColours[level] : undefined;
  const mark = colour === undefined ? level.toUpperCase().padEnd(5) : `\x1b[${colour}m${level.toUpperCase().padEnd(5)}\x1b[39m`;
  const owner = with_service ? `${(service ?? '').padEnd(serviceWidth)} ` : '';
  const head = cut(stripVTControlCharacters([what, ...cause, ...members].join('  ').replaceAll('\n', ' ')));
  const stack = level === 'error' && err?.stack !== undefined ? err.stack.split('\n').slice(1) : [];
  return [`${time.slice(11, 23)} ${mark} ${owner}${head}`, ...stack.map((line) => `      ${line.trim()}`)];
}

/** `POST /api/orders 201 12.3 ms`. */
function requestText(line: LogLine): string {
  const took = typeof line['ms'] === 'number' ? ` ${line['ms'].toFixed(1)} ms` : '';
  const message = line.msg === undefined || line.msg === 'request' ? '' : `  ${line.msg}`;
  return `${line['method']} ${line['route']} ${line['status']}${took}${message}`;
}

function parseLogLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const parsed = JSON.parse(text) as LogLine;
    return typeof parsed.level === 'string' ? parsed : undefined;
  } catch {
    // Looks like JSON and is not: shown as it is.
    return undefined;
  }
}

function cut(line: string): string {
  return line.length <= lineLengthMost ? line : `${line.slice(0, lineLengthMost - 1)}…`;
}
