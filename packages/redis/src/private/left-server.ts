/** Ends a server that an earlier run left behind: whoever takes the password of our settings file is ours. */
import { connect } from 'node:net';
import { AppError, type Log, pause } from '@souk/kernel';
import type { RedisSettings } from './redis-settings.ts';

const connectTimeoutMs = 1_000;
const endTimeoutMs = 5_000;
const pollMs = 10;

export async function endLeftServer({ port, password }: RedisSettings, log: Log): Promise<void> {
  if (!(await order(port, `AUTH ${password}\r\nPING\r\n`)).includes('PONG')) return;
  log.warn({ port }, 'a private Redis of an earlier run is still there; ending it');
  await order(port, `AUTH ${password}\r\nSHUTDOWN\r\n`);
  const until_ms = performance.now() + endTimeoutMs;
  while ((await order(port, 'PING\r\n')) !== '') {
    if (performance.now() > until_ms)
      throw new AppError('port_taken', `The private Redis of an earlier run on port ${port} does not end.`, { port });
    await pause(pollMs);
  }
}

/** What is answered to these lines, or nothing when nobody is there or nobody answers. */
async function order(port: number, lines: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', timeout: connectTimeoutMs });
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString();
    if (said.split('\r\n').length >= lines.split('\r\n').length) socket.end();
  });
  socket.on('timeout', () => socket.destroy());
  // Nobody there is an answer too; the end of the socket tells it.
  socket.on('error', () => socket.destroy());
  socket.on('connect', () => socket.write(lines));
  await new Promise((resolve) => socket.once('close', resolve));
  return said;
}
