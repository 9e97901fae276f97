/**
 * The lines of many processes in one place: on a terminal each with the name of its process in front and JSON log lines
 * made readable, elsewhere as they came. Then nothing is looked at, because under load there are thousands a second.
 */
import { readableLine } from '@souk/telemetry';

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

const palette = [36, 35, 34, 33, 32, 96, 95, 94, 93, 92];

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
      const shown = text.split('\n').flatMap((line) => readableLine(line.trimEnd(), { colours, with_service: false }));
      write(shown.map((line) => `${prefix(name)} ${line}\n`).join(''));
    },
    say(name, sentence) {
      if (raw) write(`${JSON.stringify({ level: 'warn', time: new Date().toISOString(), instance_id: name, msg: sentence })}\n`);
      else write(`${prefix(name)} ${paint(33, sentence)}\n`);
    },
  };
}
