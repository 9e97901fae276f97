// Gives definitions.json to the RabbitMQ of RABBITMQ_URL (http://user:password@host:15672) over its management API. Not by
// `load_definitions`: a broker that loads definitions at its first start makes no default user, and this file holds none.
import { readFile } from 'node:fs/promises';
import { env } from 'node:process';

const wait_max_ms = 60_000;
const pause_ms = 1_000;
const timeout_ms = 10_000;

// biome-ignore lint/style/noProcessEnv: the only setting of this program.
const address = new URL(env.RABBITMQ_URL ?? '');
const authorization = `Basic ${Buffer.from(`${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`).toString('base64')}`;
const body = await readFile(new URL('./definitions.json', import.meta.url));
const ends_ms = performance.now() + wait_max_ms;

async function send() {
  const response = await fetch(new URL('/api/definitions', address.origin), {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(timeout_ms),
  });
  if (!response.ok) throw new Error(`RabbitMQ answered ${response.status}: ${await response.text()}`);
}

for (;;) {
  try {
    await send();
    process.stdout.write('The definitions are imported.\n');
    break;
  } catch (error) {
    if (performance.now() >= ends_ms) throw error;
    process.stdout.write(`${error.cause?.message ?? error.message}; trying again\n`);
    await new Promise((resolve) => setTimeout(resolve, pause_ms));
  }
}
