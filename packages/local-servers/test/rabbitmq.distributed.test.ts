import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pause, silentLog } from '@souk/kernel';
import { isPortFree } from '@souk/kernel/ports';
import { startLocalRabbitMq } from '../src/rabbitmq/index.ts';

const pollMs = 10;
const folder = await mkdtemp(join(tmpdir(), 'souk-rabbitmq-'));
after(() => rm(folder, { recursive: true, force: true }));

test('ports that are taken for a moment only delay the start', async () => {
  const rabbit = await startLocalRabbitMq({ folder, log: silentLog, environment: process.env });
  const listeners = new Map<string, Server>();
  try {
    const environment = await readFile(`/proc/${rabbit.pid()}/environ`, 'utf8');
    const dist_port = Number(/(?:^|\0)RABBITMQ_DIST_PORT=(\d+)/.exec(environment)?.[1]);
    await rabbit.kill();
    // Each ends a start with words of its own.
    for (const [words, port] of [
      ['dist_port_already_used', dist_port],
      ['eaddrinuse', rabbit.port],
    ] as const) {
      // The system closes the sockets of a killed process a moment later.
      while (!(await isPortFree(port))) await pause(pollMs);
      const listener = createServer();
      listeners.set(words, listener);
      await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
    }
    let isStarted = false;
    const starting = rabbit.start().then(() => {
      isStarted = true;
    });
    const said = (): Promise<string> => readFile(join(folder, 'log', 'output.log'), 'utf8').catch(() => '');
    for (const [words, listener] of listeners) {
      while (!(await said()).includes(words)) await pause(pollMs);
      assert.equal(isStarted, false);
      listener.close();
    }
    await starting;
    assert.notEqual(rabbit.pid(), undefined);
  } finally {
    for (const listener of listeners.values()) listener.close();
    await rabbit.close({ remove: true });
  }
});
