import type { Log } from '@souk/kernel';
import { type DestinationStream, pino } from 'pino';
import pretty from 'pino-pretty';
import { createGatheringLog } from './gathering-log.ts';
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
const bufferBytes = 32_768;
const writeBytesMax = 65_536;
const flushMs = 500;

/** The logger of a process or service. JSON lines at info are written in groups, a moment later; warnings and errors at once, after what came before them. */
export function createLog(options: LogOptions): Log {
  const isPretty = options.format === 'pretty' || (options.format === 'auto' && process.stdout.isTTY === true);
  const settings = {
    level: options.level,
    base: options.fields ?? {},
    timestamp: createTimestamp(),
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: scrubLine },
  };
  if (options.destination) return pino(settings, options.destination);
  if (isPretty)
    return pino(settings, pretty({ colorize: process.stdout.isTTY === true, ignore: 'instance_id', sync: true, singleLine: true }));
  return bufferedLog(settings);
}

/** The member `time` of a line. In a burst many lines fall into one millisecond, and writing a date costs more than the rest of a line. */
function createTimestamp(): () => string {
  let last = Number.NaN;
  let text = '';
  return () => {
    const now = asOf ?? Date.now();
    if (now !== last) {
      last = now;
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}

let asOf: number | undefined;

/** The line that `write` writes bears this time, in ms since the Unix epoch, instead of the present. */
function linesAsOf(ms: number, write: () => void): void {
  asOf = ms;
  try {
    write();
  } finally {
    asOf = undefined;
  }
}

function bufferedLog(settings: object): Log {
  const destination = pino.destination({ dest: 1, sync: false, minLength: bufferBytes, maxWrite: writeBytesMax, periodicFlush: flushMs });
  let group: string[] = [];
  const complete = (urgent: boolean): void => {
    // One text for all: with each text it is given the destination measures again all it holds.
    if (group.length > 0) destination.write(group.join(''));
    group = [];
    if (urgent) destination.flush();
  };
  const inner = pino(settings, { write: (line: string) => void group.push(line) });
  return createGatheringLog(inner, { asOf: linesAsOf, complete });
}
