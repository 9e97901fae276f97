/** Files of a backup: written with their digest on the way, checked and read back. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { BackupFile } from './manifest.ts';
import { damaged } from './manifest.ts';

const newline = 0x0a;
/** Fast: a backup waits for the disk and the database, not for the last percent. */
const gzipLevel = 3;

/** Writes the lines of `source` compressed to `<folder>/<path>`; answers what the manifest says of them. */
export async function writeCompressed(
  folder: string,
  path: string,
  source: Readable,
  signal: AbortSignal,
): Promise<BackupFile & { rows: number }> {
  const lines = countLines();
  const digest = digestTransform();
  const target = createWriteStream(join(folder, path), { mode: 0o600, flags: 'wx', flush: true });
  await pipeline(source, lines.stream, createGzip({ level: gzipLevel }), digest.stream, target, { signal });
  return { path, ...digest.result(), rows: lines.count() };
}

/** Reads a file of the backup back, decompressed, into `target`. Errors: `backup_damaged`. */
export async function readCompressed(folder: string, path: string, target: Writable, signal: AbortSignal): Promise<number> {
  const lines = countLines();
  try {
    await pipeline(createReadStream(join(folder, path)), createGunzip(), lines.stream, target, { signal });
  } catch (error) {
    if (String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw damaged(`${path} cannot be decompressed`);
    throw error;
  }
  return lines.count();
}

/** Refuses a file that is absent, shorter, longer or other than it was written. Errors: `backup_damaged`. */
export async function checkFile(folder: string, file: BackupFile, signal: AbortSignal): Promise<void> {
  const path = join(folder, file.path);
  const entry = await stat(path).catch(() => undefined);
  if (entry === undefined) throw damaged(`${file.path} is missing`);
  if (entry.size !== file.bytes) throw damaged(`${file.path} has ${entry.size} bytes, ${file.bytes} were written`);
  const digest = digestTransform();
  digest.stream.resume();
  await pipeline(createReadStream(path), digest.stream, { signal });
  if (digest.result().sha256 !== file.sha256) throw damaged(`${file.path} was changed: its SHA-256 is not that of the manifest`);
}

function digestTransform(): { stream: Transform; result(): { bytes: number; sha256: string } } {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/** COPY's text form escapes line breaks within values: each line feed ends a row. */
function countLines(): { stream: Transform; count(): number } {
  let count = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) count += 1;
      done(null, chunk);
    },
  });
  return { stream, count: () => count };
}
