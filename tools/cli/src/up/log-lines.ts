/**
 * The lines of many processes in one place: on a terminal each with the name of its process in front and JSON log lines
 * made readable, elsewhere as they came. Then nothing is looked at, because under load there are thousands a second.
 */
import { stripVTControlCharacters } from 'node:util';

export interface LinePrinter {
  /** What a process wrote: one line or several, without the end of the last. */
  lines(name: string, text: string): void;
  /** A sentence of the supervisor about a process. */
  say(name: string, sentence: string): void;
}

export interface LinePrinterOptions {
  write(text: string): void;
  colours: boolean;
  /** Length of the longest name. */
  name_width: number;
  /** Lines go through as they are, for programs that read them. */
  raw?: boolean;
}

interface LogLine {
  level: string;
  time?: string;
  msg?: string;
  err?: { message?: string; stack?: string };
  [member: string]: unknown;
}

const palette = [36, 35, 34, 33, 32, 96, 95, 94, 93, 92];
const levelColours: Readonly<Record<string, number>> = { debug: 90, warn: 33, error: 31 };
const lineLengthMost = 4_000;
/** Said by the prefix already. */
const silentMembers = new Set(['level', 'time', 'msg', 'err', 'service', 'instance_id', 'pid', 'hostname']);

export function createLinePrinter({ write, colours, name_width, raw = false }: LinePrinterOptions): LinePrinter {
  const known: string[] = [];
  const paint = (code: number, text: string): string => (colours ? `\x1b[${code}m${text}\x1b[39m` : text);
  const prefix = (name: string): string => {
    if (!known.includes(name)) known.push(name);
    return paint(palette[known.indexOf(name) % palette.length] ?? 36, `${name.padEnd(name_width)} │`);
  };
  return {
    lines(name, text) {
      if (raw) return write(`${text}\n`);
      const shown = text.split('\n').flatMap((line) => readable(line.trimEnd(), paint));
      write(shown.map((line) => `${prefix(name)} ${line}\n`).join(''));
    },
    say(name, sentence) {
      if (raw) write(`${JSON.stringify({ level: 'warn', time: new Date().toISOString(), instance_id: name, msg: sentence })}\n`);
      else write(`${prefix(name)} ${paint(33, sentence)}\n`);
    },
  };
}

type Paint = (code: number, text: string) => string;

function readable(text: string, paint: Paint): string[] {
  const parsed = parseLogLine(text);
  if (!parsed) return [cut(stripVTControlCharacters(text))];
  const { level, time = '', msg = '', err } = parsed;
  const members = Object.entries(parsed)
    .filter(([member]) => !silentMembers.has(member))
    .map(([member, value]) => `${member}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const cause = err?.message === undefined ? [] : [err.message];
  const mark = paint(levelColours[level] ?? 39, level.toUpperCase().padEnd(5));
  const head = cut(stripVTControlCharacters([msg, ...cause, ...members].join('  ').replaceAll('\n', ' ')));
  const stack = level === 'error' && err?.stack !== undefined ? err.stack.split('\n').slice(1) : [];
  return [`${time.slice(11, 23)} ${mark} ${head}`, ...stack.map((line) => `      ${line.trim()}`)];
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
