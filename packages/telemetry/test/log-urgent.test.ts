import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const stuck = fileURLToPath(new URL('./_stuck-logger.ts', import.meta.url));

it('writes a warning and all before it at once, though the process never gets back to its event loop', { timeout: 30_000 }, async () => {
  const child = spawn(process.execPath, [stuck], { stdio: ['ignore', 'pipe', 'inherit'], timeout: 15_000, killSignal: 'SIGKILL' });
  const messages: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    messages.push((JSON.parse(line) as { msg: string }).msg);
    if (messages.length === 2) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  assert.deepEqual(messages, ['all is well', 'the end is near']);
});
