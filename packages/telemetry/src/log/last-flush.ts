/**
 * What a destination of pino still holds when its process ends. The library (sonic-boom 4) writes it in a loop that repeats whatever fails,
 * also when the other end has been closed: a process whose parent had died never ended. This leans on the inside of the library,
 * of the version that the lock file names; a test ends processes whose reader is gone or asleep.
 */
import { writeSync } from 'node:fs';

/** What is used of a destination with text as content; the members with an underscore are inside of it. */
export type TextDestination = { fd: number; flushSync(): void } & Record<'_bufs', string[]> &
  Record<'_writingBuf', string> &
  Record<'_writing', boolean>;

const waitMs = 20;
/** A reader who sleeps gets so much time in all. */
const waitsMax = 250;

/** Writes the rest once, waits for a slow reader for five seconds, and drops what is not taken. */
export function flushOnceAtTheEnd(destination: TextDestination): void {
  destination.flushSync = () => {
    // What is being written already is in the hands of another thread.
    const rest = [...(destination._writing ? [] : [destination._writingBuf]), ...destination._bufs].join('');
    destination._bufs = [];
    if (!destination._writing) destination._writingBuf = '';
    writeRest(destination.fd, Buffer.from(rest));
  };
}

function writeRest(fd: number, bytes: Buffer): void {
  let waits = 0;
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(fd, bytes, from);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if ((code !== 'EAGAIN' && code !== 'EBUSY') || ++waits > waitsMax) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
    }
  }
}
