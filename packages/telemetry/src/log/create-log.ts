import type { Log } from '@souk/kernel';
import { type DestinationStream, pino } from 'pino';
import { createDistinctLog } from './distinct-log.ts';
import { createGatheringLog } from './gathering-log.ts';
import { flushOnceAtTheEnd, type TextDestination } from './last-flush.ts';
import { readableLine } from './readable-line.ts';
import { scrubLine } from './scrub-line.ts';

export interface LogOptions {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** `auto`: pretty on a terminal, JSON lines otherwise. */
  format: 'auto' | 'pretty' | 'json';
  /** In every line, such as service and instance_id. */
  fields?: Readonly<Record<string, unknown>>;
  /** Where lines go; default the standard output. */
  destination?: DestinationStream;
}

/** Each write goes through another thread, which costs as much as a dozen lines; so few and large ones. */
const bufferBytes = 65_536;
const writeBytesMax = 131_072;
const flushMs = 500;

/** The logger of a process or service. JSON lines at info are written in groups, a moment later; warnings and errors at once, after what came before them. */
export function createLog(options: LogOptions): Log {
  const isPretty = options.format === 'pretty' || (options.format === 'auto' && process.stdout.isTTY === true);
  const lineClock = createLineClock();
  const settings = {
    level: options.level,
    base: options.fields ?? {},
    timestamp: lineClock.timestamp,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: scrubLine },
  };
  const bound = options.fields ?? {};
  if (options.destination) return createDistinctLog(pino(settings, options.destination), bound);
  if (isPretty) return createDistinctLog(pino(settings, { write: writeReadable }), bound);
  return bufferedLog(settings, bound, lineClock);
}

interface LineClock {
  /** The member `time` of a line. In a burst many lines fall into one millisecond, and writing a date costs more than the rest of a line. */
  timestamp(): string;
  /** The same member for a given time. */
  timeAt(ms: number): string;
  /** The line that `write` writes bears this time, in ms since the Unix epoch, instead of the present. */
  asOf(ms: number, write: () => void): void;
}

function createLineClock(): LineClock {
  let as_of: number | undefined;
  let last = Number.NaN;
  let text = '';
  const timeAt = (ms: number): string => {
    if (ms !== last) {
      last = ms;
      text = `,"time":"${new Date(ms).toISOString()}"`;
    }
    return text;
  };
  return {
    timeAt,
    timestamp: () => timeAt(as_of ?? Date.now()),
    asOf(ms, write) {
      as_of = ms;
      try {
        write();
      } finally {
        as_of = undefined;
      }
    },
  };
}

function writeReadable(line: string): void {
  const colours = process.stdout.isTTY === true;
  process.stdout.write(`${readableLine(line.trimEnd(), { colours, with_service: true }).join('\n')}\n`);
}

function bufferedLog(settings: object, bound: Readonly<Record<string, unknown>>, { asOf, timeAt }: LineClock): Log {
  const destination = pino.destination({ dest: 1, sync: false, minLength: bufferBytes, maxWrite: writeBytesMax, periodicFlush: flushMs });
  flushOnceAtTheEnd(destination as unknown as TextDestination);
  let group: string[] = [];
  const complete = (urgent: boolean): void => {
    // One text for all: with each text it is given the destination measures again all it holds.
    if (group.length > 0) destination.write(group.join(''));
    group = [];
    if (urgent) destination.flush();
  };
  const inner = createDistinctLog(pino(settings, { write: (line: string) => void group.push(line) }), bound);
  const add = (ms: number, rest: string): void => void group.push(`{"level":"info"${timeAt(ms)},${rest}`);
  return createGatheringLog(inner, { asOf, add, complete }, bound);
}
