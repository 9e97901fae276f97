import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { access, type FileHandle, open, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Transform } from 'node:stream';
import { parseArgs } from 'node:util';
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

/** Streams a CSV file into the catalogue of the running shop. */
export async function importFile(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { refused: { type: 'string' } } });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw refusal('validation_failed', 'Name one CSV file: npm run souk -- import FILE.csv');
  // npm runs scripts in the folder of package.json; the file is meant from where the person stands.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const path = resolve(from, file);
  const { content, size } = await openFile(path);
  const { home } = readConfig();
  const platform = await needRunning(home);
  const token = await accessToken(home, platform, 'staff');
  const refusals = await refusalFile(resolve(from, values.refused ?? `${basename(file, '.csv')}.refused.csv`));
  const report = await send(`${platform.gateway_url}/api/products/import`, token, { content, sent: { bytes: 0 }, size, refusals });
  process.stdout.write(
    `${file}: ${report.rows} rows; ${report.created} products created, ${report.updated} updated, ${report.unchanged} unchanged, ${report.refused} rows refused\n`,
  );
  if (report.refused === 0) return 0;
  process.stdout.write(`refused rows with their reasons: ${refusals.path}\n`);
  return someRefused;
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
    // The way in which fetch says that nobody is there any more.
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
        writeSync(file, stringify([['line', 'handle', 'reason']]));
      }
      count += 1;
      writeSync(file, stringify([[refused.line, refused.handle ?? '', refused.reason]]));
    },
    close() {
      if (file !== undefined) closeSync(file);
    },
  };
}

function problemText(problem: Problem): string {
  return [problem.detail, ...(problem.errors ?? []).map((error) => `${error.pointer}: ${error.detail}`)].join('\n      ');
}
