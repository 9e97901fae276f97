import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
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
  const size = await sizeOf(path);
  const { home } = readConfig();
  const platform = await needRunning(home);
  const token = await accessToken(home, platform, 'staff');
  const refusals = refusalFile(resolve(from, values.refused ?? `${basename(file, '.csv')}.refused.csv`));
  const sent = { bytes: 0 };
  const response = await fetch(`${platform.gateway_url}/api/products/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv', accept: 'application/x-ndjson' },
    body: Readable.toWeb(createReadStream(path).pipe(counted(sent))) as ReadableStream,
    duplex: 'half',
  });
  if (!response.ok || !response.body) throw refusal('csv_invalid', problemText((await response.json()) as Problem));
  const report = await follow(response.body, { sent, size, refusals });
  process.stdout.write(
    `${file}: ${report.rows} rows; ${report.created} products created, ${report.updated} updated, ${report.unchanged} unchanged, ${report.refused} rows refused\n`,
  );
  if (report.refused === 0) return 0;
  process.stdout.write(`refused rows with their reasons: ${refusals.path}\n`);
  return someRefused;
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw refusal('csv_invalid', `${path} is not a file.`);
    return found.size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw refusal('csv_invalid', `${path} cannot be read: ${(error as Error).message}`);
  }
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
  sent: { bytes: number };
  size: number;
  refusals: ReturnType<typeof refusalFile>;
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
      await refusals.close();
      return line.report;
    }
  }
  throw refusal('upstream_failed', 'The import broke off. What was imported stays; run it again, it goes on where it is needed.');
}

/** The file of refused rows, made with the first of them. */
function refusalFile(path: string) {
  let stream: WriteStream | undefined;
  let count = 0;
  return {
    path,
    count: () => count,
    add(refused: Refusals[number]) {
      if (!stream) {
        stream = createWriteStream(path);
        stream.write(stringify([['line', 'handle', 'reason']]));
      }
      count += 1;
      stream.write(stringify([[refused.line, refused.handle ?? '', refused.reason]]));
    },
    close: () => new Promise<void>((done) => (stream ? stream.end(() => done()) : done())),
  };
}

function problemText(problem: Problem): string {
  return [problem.detail, ...(problem.errors ?? []).map((error) => `${error.pointer}: ${error.detail}`)].join('\n      ');
}
