/** Processes end whatever became of who reads their log, and lose nothing for one who reads late. */
import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

type Logger = ChildProcessByStdio<Writable, Readable, Readable>;

const program = fileURLToPath(new URL('./_last-logger.ts', import.meta.url));
/** More than a socket or a pipe holds. */
const large = 2_000_000;

async function aLogger(length: number): Promise<Logger> {
  const child = spawn(process.execPath, [program, String(length)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  await once(child.stderr, 'data');
  return child;
}

it('a process whose reader is gone ends', { timeout: 90_000 }, async () => {
  const child = await aLogger(10);
  child.stdout.destroy();
  child.stdin.end();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

it('one who reads late gets all of it', { timeout: 90_000 }, async () => {
  const child = await aLogger(large);
  child.stdin.end();
  // The process waits by now, or has not begun: either way it has to wait for this reader.
  assert.ok((await text(child.stdout)).length > large);
});
