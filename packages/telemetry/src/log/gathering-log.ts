/**
 * Everyday lines, written together some moments after they were said. A logger that runs once between two requests finds
 * nothing of itself in the caches of the processor and costs three times as much, and each timer wakes a process that
 * would have slept; so lines wait until they are many, or a tenth of a second has passed. Their order and their times
 * are those in which they were said.
 */
import type { Log } from '@souk/kernel';
import { type RequestLine, type RequestLog, requestText } from './request-log.ts';

const gatherMs = 100;
const linesMax = 64;

interface OrdinaryLine {
  log: Log;
  level: 'debug' | 'info';
  fields: object;
  message: string;
  at_ms: number;
}

/** The line of a request, which is written as it stands. */
interface PlainLine {
  log: Log;
  /** What every line of the logger has after its time, such as `"service":"gateway",`. */
  bound: string;
  request: RequestLine;
  at_ms: number;
}

type Line = OrdinaryLine | PlainLine;

/** What gathers the lines of a logger and of all its children. */
interface Gathering {
  add(line: Line): void;
  /** Writes what waits, and this after it, at once. */
  hurry(last: () => void): void;
}

/** Where the lines of the inner logger go. */
export interface GatheredLines {
  /** Runs a write so that its line bears this time, in ms since the Unix epoch. */
  asOf(ms: number, write: () => void): void;
  /** Adds a line at info that is finished but for level and time. */
  add(ms: number, rest: string): void;
  /** A group of lines is complete; one that is urgent waits no longer. */
  complete(urgent: boolean): void;
}

/** A logger over `log` that holds back lines at info and debug, and reports each group to `lines`. `bound` is in every line. */
export function createGatheringLog(log: Log, lines: GatheredLines, bound: Readonly<Record<string, unknown>> = {}): Log {
  let waiting: Line[] = [];
  let timer: NodeJS.Timeout | undefined;
  const writeLine = (line: Line): void => {
    if ('level' in line) {
      lines.asOf(line.at_ms, () => line.log[line.level](line.fields, line.message));
      return;
    }
    const text = requestText(line.request);
    if (text !== undefined) lines.add(line.at_ms, line.bound + text);
    else lines.asOf(line.at_ms, () => line.log.info(line.request, 'request'));
  };
  const writeWaiting = (): void => {
    const group = waiting;
    waiting = [];
    for (const line of group) writeLine(line);
  };
  const write = (): void => {
    writeWaiting();
    lines.complete(false);
  };
  const hurry = (last: () => void): void => {
    writeWaiting();
    last();
    lines.complete(true);
  };
  const due = (): void => {
    timer = undefined;
    write();
  };
  const add = (line: Line): void => {
    waiting.push(line);
    if (waiting.length >= linesMax) write();
    // Not taken back when it has nothing to write: it fires ten times a second at most.
    else if (timer === undefined) timer = setTimeout(due, gatherMs).unref();
  };
  // Before the logger writes its buffer for the last time.
  process.prependListener('exit', write);
  return new GatheringLog(log, { add, hurry }, bound);
}

class GatheringLog implements RequestLog {
  readonly #log: Log;
  readonly #gathering: Gathering;
  readonly #bound: Readonly<Record<string, unknown>>;
  /** Undefined where a member has another name in the line. */
  readonly #text: string | undefined;

  constructor(log: Log, gathering: Gathering, bound: Readonly<Record<string, unknown>>, isPlain = true) {
    this.#log = log;
    this.#gathering = gathering;
    this.#bound = bound;
    const members = JSON.stringify(bound).slice(1, -1);
    this.#text = isPlain ? `${members}${members === '' ? '' : ','}` : undefined;
  }

  requestLine(request: RequestLine): void {
    if (this.#text === undefined) this.info(request, 'request');
    else if (this.isLevelEnabled('info')) this.#gathering.add({ log: this.#log, bound: this.#text, request, at_ms: Date.now() });
  }

  info(fields: object, message: string): void {
    this.#gather('info', fields, message);
  }

  debug(fields: object, message: string): void {
    this.#gather('debug', fields, message);
  }

  warn(fields: object, message: string): void {
    this.#gathering.hurry(() => this.#log.warn(fields, message));
  }

  error(fields: object, message: string): void {
    this.#gathering.hurry(() => this.#log.error(fields, message));
  }

  child(fields: object, options?: { level?: string }): Log {
    const isFree = ([name, value]: [string, unknown]): boolean => !(name in this.#bound) || this.#bound[name] === value;
    const isPlain = this.#text !== undefined && Object.entries(fields).every(isFree);
    return new GatheringLog(this.#log.child(fields, options), this.#gathering, { ...this.#bound, ...fields }, isPlain);
  }

  isLevelEnabled(level: string): boolean {
    return this.#log.isLevelEnabled?.(level) ?? true;
  }

  #gather(level: OrdinaryLine['level'], fields: object, message: string): void {
    if (this.isLevelEnabled(level)) this.#gathering.add({ log: this.#log, level, fields, message, at_ms: Date.now() });
  }
}
