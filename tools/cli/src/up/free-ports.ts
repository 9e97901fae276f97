/** Ports that nobody listens on. */
import { createServer } from 'node:net';
import { refusal } from '@souk/contracts';

/** Below the range from which systems take the ports of outgoing connections, so that a port stays free while its process restarts. */
const first = 21_000;
const last = 31_999;
const host = '127.0.0.1';

/** As many free ports, none of them in `except`. */
export async function findFreePorts(count: number, except: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  const span = last - first + 1;
  const start = process.pid % span;
  for (let step = 0; found.length < count && step < span; step += 1) {
    const port = first + ((start + step) % span);
    if (!except.includes(port) && (await isFree(port))) found.push(port);
  }
  if (found.length < count) throw refusal('port_taken', `There are no ${count} free ports between ${first} and ${last}.`);
  return found;
}

/** Refuses with `port_taken` and names all that are. */
export async function needFree(ports: readonly number[]): Promise<void> {
  const free = await Promise.all(ports.map(isFree));
  const taken = ports.filter((_, index) => !free[index]);
  if (taken.length > 0)
    throw refusal(
      'port_taken',
      `${taken.length === 1 ? 'Port' : 'Ports'} ${taken.join(', ')} taken by another program. Stop it, or set PORT_BASE.`,
      { ports: taken },
    );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
