import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { access, type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Transform } from 'node:stream';
import { type ImportReport, type Problem, refusal } from '@souk/contracts';
import { stringify } from 'csv-stringify/sync';
import { readConfig } from '../config.ts';
import { accessToken, needRunning } from '../running.ts';
import { bar } from '../terminal.ts';

type Refusals = ImportReport['refusals'];

/** One line of the answer: how far the import is, or at last the report. */
interface ImportLine {
  progress?: Pick<ImportReport, 'rows' | 'created' | 'updated' | 'unchanged' | 'refused'>;
  refusals?: Refusals;
  report?: ImportReport;
  problem?: Problem;
}

const someRefused = 3;

export interface ImportOptions {
  refused?: string;
  ignoreUnknownColumns?: boolean;
  /** Of the second factor of the staff account. */
  code?: string;
}

/** Streams a CSV file into the catalogue of the running shop. */
export async function importFile(file: string, options: ImportOptions): Promise<number> {
  // npm runs scripts in the folder of package.json; the file is meant from where the person stands.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const path = resolve(from, file);
  const { content, size } = await openFile(path);
  const { home } = readConfig();
  const platform = await needRunning(home);
  const token = await accessToken(home, platform, 'staff', options.code);
  const refusals = await refusalFile(options.refused === undefined ? refusedBeside(path) : resolve(from, options.refused));
  const query = options.ignoreUnknownColumns === true ? '?ignore_unknown_columns=true' : '';
  const report = await send(`${platform.gateway_url}/api/products/import${query}`, token, { content, sent: { bytes: 0 }, size, refusals });
  process.stdout.write(
    `${file}: ${report.rows} rows; ${report.created} products created, ${report.updated} updated, ${report.unchanged} unchanged, ${report.refused} rows refused\n`,
  );
  writeColumns('unknown columns, ignored', report.ignored_column_names);
  writeColumns('columns a catalogue does not keep', report.unused_column_names);
  if (report.refused === 0) {
    if (await refusals.removeEarlier()) process.stdout.write(`${refusals.path} was of an earlier import and is removed\n`);
    return 0;
  }
  process.stdout.write(`refused rows with their reasons: ${refusals.path}\n`);
  return someRefused;
}

/** `data/shop.csv` has its refused rows in `data/shop.refused.csv`. */
function refusedBeside(path: string): string {
  const { dir, name, ext, base } = parse(path);
  return join(dir, `${ext.toLowerCase() === '.csv' ? name : base}.refused.csv`);
}

function writeColumns(what: string, names: readonly string[]): void {
  if (names.length > 0) process.stdout.write(`${what}: ${names.map((name) => JSON.stringify(name)).join(', ')}\n`);
}

async function openFile(path: string): Promise<{ content: FileHandle; size: number }> {
  const found = await stat(path).catch((error: Error) => cannotRead(path, error));
  if (!found.isFile()) throw refusal('csv_invalid', `${path} is not a file.`);
  return { content: await open(path).catch((error: Error) => cannotRead(path, error)), size: found.size };
}

function cannotRead(path: string, error: Error): never {
  throw refusal('csv_invalid', `${path} cannot be read: ${error.message}`);
}

/** Sends the file and follows the answer. A connection that is cut is a sentence like every other failure. */
async function send(url: string, token: string, following: Following): Promise<ImportReport> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv', accept: 'application/x-ndjson' },
      body: Readable.toWeb(following.content.createReadStream().pipe(counted(following.sent))) as ReadableStream,
      duplex: 'half',
    });
    if (!response.ok || !response.body) throw refusal('csv_invalid', problemText((await response.json()) as Problem));
    return await follow(response.body, following);
  } catch (error) {
    // The way in which fetch says that the server is gone.
    if (error instanceof TypeError) throw brokenOff();
    throw error;
  }
}

function brokenOff(): Error {
  return refusal('upstream_failed', 'The import broke off. What was imported stays; run it again, it goes on where it is needed.');
}

function counted(sent: { bytes: number }): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent.bytes += chunk.length;
      done(null, chunk);
    },
  });
}

interface Following {
  content: FileHandle;
  sent: { bytes: number };
  size: number;
  refusals: Awaited<ReturnType<typeof refusalFile>>;
}

/** Reads the answer line by line until the report; an import that broke off in the middle is an error. */
async function follow(body: ReadableStream<Uint8Array>, { sent, size, refusals }: Following): Promise<ImportReport> {
  for await (const text of createInterface({ input: Readable.fromWeb(body as import('node:stream/web').ReadableStream) })) {
    if (text === '') continue;
    const line = JSON.parse(text) as ImportLine;
    if (line.problem) throw refusal('csv_invalid', problemText(line.problem));
    for (const refused of line.refusals ?? []) {
      refusals.add(refused);
      if (refusals.count() <= 20)
        process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}line ${refused.line} refused: ${refused.reason}\n`);
    }
    if (line.progress && process.stderr.isTTY) process.stderr.write(`\r\x1b[K${bar(sent.bytes, size)} ${line.progress.rows} rows`);
    if (line.report) {
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
      refusals.close();
      return line.report;
    }
  }
  throw brokenOff();
}

const refusalHeader = stringify([['line', 'handle', 'reason']]);

/** The file of refused rows, made with the first of them; a folder in which it could not be made is refused before anything is sent. */
async function refusalFile(path: string) {
  await access(dirname(path), constants.W_OK).catch((error: Error) => {
    throw refusal('csv_invalid', `Refused rows could not be written to ${path} (${error.message}). Name another file with --refused.`);
  });
  let file: number | undefined;
  let count = 0;
  return {
    path,
    count: () => count,
    add(refused: Refusals[number]) {
      if (file === undefined) {
        file = openSync(path, 'w');
        writeSync(file, refusalHeader);
      }
      count += 1;
      writeSync(file, stringify([[refused.line, refused.handle ?? '', refused.reason]]));
    },
    close() {
      if (file !== undefined) closeSync(file);
    },
    /** Nothing is refused any more, so what an earlier import has refused must not be taken for the state of things. */
    async removeEarlier(): Promise<boolean> {
      const text = await readFile(path, 'utf8').catch(() => '');
      if (!text.startsWith(refusalHeader)) return false;
      await rm(path);
      return true;
    },
  };
}

function problemText(problem: Problem): string {
  return [problem.detail, ...(problem.errors ?? []).map((error) => `${error.pointer}: ${error.detail}`)].join('\n      ');
}
