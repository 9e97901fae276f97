/** A stream of bytes as rows of cells with their line in the file, in bounded memory. */
import { refusal } from '@souk/contracts';
import { type CsvError, parse } from 'csv-parse';

export interface CsvRow {
  /** Where the row begins, counting from 1. */
  line: number;
  cells: string[];
}

/** Rows that arrived together; `broken` says why nothing after them can be read. */
export interface CsvRows {
  rows: CsvRow[];
  broken?: { line: number; reason: string };
}

const headBytesMax = 65_536;
const pieceBytesMax = 65_536;
const delimiters = [',', ';', '\t', '|'] as const;

/** Yields the rows of a file, header first. Throws `csv_invalid` for what is no text in UTF-8. */
export async function* csvRows(source: AsyncIterable<Buffer>, row_bytes_max: number): AsyncGenerator<CsvRows> {
  const chunks = source[Symbol.asyncIterator]();
  const head = await readHead(chunks);
  checkText(head);
  const reader = createReader(dialectOf(head), row_bytes_max);
  let chunk: IteratorResult<Buffer> = { value: head, done: false };
  while (!chunk.done && !reader.failed()) {
    for (let at = 0; at < chunk.value.length && !reader.failed(); at += pieceBytesMax) {
      const rows = await reader.write(chunk.value.subarray(at, at + pieceBytesMax));
      if (rows.rows.length > 0 || rows.broken) yield rows;
    }
    chunk = await chunks.next();
  }
  if (reader.failed()) await chunks.return?.();
  else yield await reader.end();
}

async function readHead(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < headBytesMax && !hasWholeLine(head)) {
    const chunk = await chunks.next();
    if (chunk.done) break;
    head = Buffer.concat([head, Buffer.from(chunk.value)]);
  }
  return head;
}

/** Whether a line with something in it is there to its end. */
function hasWholeLine(head: Buffer): boolean {
  const text = head.toString('latin1');
  const start = text.search(/[^\s\u00ef\u00bb\u00bf]/);
  return start >= 0 && /[\r\n]/.test(text.slice(start));
}

function checkText(head: Buffer): void {
  if (head.length === 0) throw refusal('csv_invalid', 'The file is empty.');
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw refusal('csv_invalid', 'The file is UTF-16; save it as CSV in UTF-8.');
  if (head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004')))
    throw refusal('csv_invalid', 'This is a spreadsheet or ZIP file; save it as CSV in UTF-8.');
  if (head.includes(0)) throw refusal('csv_invalid', 'The file holds NUL bytes: it is no text in UTF-8.');
}

interface Dialect {
  delimiter: string;
  /** The line of the header. */
  from_line: number;
}

/**
 * The separator that a first line such as `sep=;` names, as spreadsheets write it; else what the header line has most of,
 * outside quotation marks. Lines with nothing in them may come before both.
 */
function dialectOf(head: Buffer): Dialect {
  const lines = head
    .toString('utf8')
    .replace('\ufeff', '')
    .split(/\r\n|\r|\n/);
  const at = Math.max(
    0,
    lines.findIndex((line) => line.trim() !== ''),
  );
  const named = /^"?sep=([,;|\t]|\\t)"?[,;|]*$/i.exec(lines[at]?.trimStart() ?? '')?.[1];
  if (named !== undefined) return { delimiter: named === '\\t' ? '\t' : named, from_line: at + 2 };
  const line = (lines[at] ?? '').replace(/"[^"]*"/g, '');
  const counted = delimiters.map((delimiter) => ({ delimiter, count: line.split(delimiter).length }));
  counted.sort((left, right) => right.count - left.count);
  return { delimiter: counted[0]?.delimiter ?? ',', from_line: 1 };
}

/** The parser hands rows over as it reads them, so that rows before a broken one are never lost. */
function createReader(dialect: Dialect, row_bytes_max: number) {
  let rows: CsvRow[] = [];
  let lastLine = 0;
  let pairs = 0;
  let failure: Error | undefined;
  const parser = parse({
    ...dialect,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: row_bytes_max,
    on_record: (cells: string[], { lines }) => {
      // The parser counts a line break of two characters twice when it is inside a cell.
      pairs += occurrences(cells, /\r\n/g);
      lastLine = lines - pairs;
      rows.push({ line: lastLine - occurrences(cells, /\r\n?|\n/g), cells });
      return null;
    },
  });
  parser.on('error', (error) => {
    failure ??= error;
  });
  parser.resume();
  const taken = (): CsvRows => {
    const ready = rows;
    rows = [];
    return failure
      ? { rows: ready, broken: { line: lastLine + 1, reason: reasonOf(failure as CsvError, row_bytes_max) } }
      : { rows: ready };
  };
  return {
    failed: () => failure !== undefined,
    async write(bytes: Buffer): Promise<CsvRows> {
      await new Promise<void>((resolve) => parser.write(bytes, () => resolve()));
      return taken();
    },
    async end(): Promise<CsvRows> {
      await new Promise<void>((resolve) => parser.once('close', resolve).end());
      return taken();
    },
  };
}

function occurrences(cells: readonly string[], pattern: RegExp): number {
  return cells.reduce((count, cell) => count + (cell.match(pattern)?.length ?? 0), 0);
}

function reasonOf(error: CsvError, row_bytes_max: number): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'a quotation mark is opened and never closed; nothing from here on was read';
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return `the row is longer than ${row_bytes_max} bytes (a quotation mark may be missing); nothing from here on was read`;
  return `the file cannot be read from here on: ${error.message}`;
}
