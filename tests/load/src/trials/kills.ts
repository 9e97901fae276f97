/**
 * Orders and reads keep coming while every process of every service is killed with SIGKILL, one after the other, RabbitMQ is
 * restarted, and Redis is killed and restarted.
 */
import { pause } from '@souk/kernel';
import { backAgain, healthy } from '../back-again.ts';
import { type Buyers, failureLines, startBuyers } from '../buyers.ts';
import { auditBooks, awaitEnds } from '../ends.ts';
import { type Platform, startPlatform } from '../platform.ts';
import { sampleProducts } from '../products.ts';
import type { TrialOptions, Verdict } from '../trial.ts';

const replicas = 'orders=2,inventory=2,gateway=2';
const readsPerSecond = 10;
const redisAwayMs = 2_000;
const endsLimitMs = 120_000;

export async function killsTrial({ seconds, rate, say }: TrialOptions): Promise<Verdict> {
  const platform = await startPlatform(replicas);
  try {
    const token = (await platform.souk('token')).stdout.trim();
    const products = await sampleProducts(platform);
    const options = { gateways: platform.gateways, token, products, orders_per_second: rate, reads_per_second: readsPerSecond };
    const buyers = startBuyers(options);
    const began = performance.now();
    await killEverything(platform, buyers, say);
    buyers.during('everything is well again');
    await pause(Math.max(0, seconds * 1_000 - (performance.now() - began)));
    await buyers.stop();
    say(
      `${((performance.now() - began) / 1_000).toFixed(0)} s of load, ${buyers.sent().orders} order requests, ${buyers.sent().reads} reads`,
    );
    return await judge(platform, buyers, say);
  } finally {
    await platform.close();
  }
}

async function killEverything(platform: Platform, buyers: Buyers, say: (line: string) => void): Promise<void> {
  const { rabbit, redis } = platform.servers;
  for (const { name, pid } of await platform.processes()) {
    say(`SIGKILL ${name}`);
    buyers.during(`${name} is killed`);
    if (pid !== null) process.kill(pid, 'SIGKILL');
    await backAgain(platform, name, pid);
  }
  say('restarting RabbitMQ');
  buyers.during('RabbitMQ restarts');
  await rabbit.restart();
  await healthy(platform);
  say('killing Redis, and starting it again');
  buyers.during('Redis is killed');
  await redis.kill();
  await pause(redisAwayMs);
  await redis.restart();
  await healthy(platform);
}

async function judge(platform: Platform, buyers: Buyers, say: (line: string) => void): Promise<Verdict> {
  const faults: string[] = [];
  const ids = [...buyers.placed.values()];
  if (new Set(ids).size !== ids.length) faults.push('two keys were answered with the same order');
  const fresh = (await platform.souk('token')).stdout.trim();
  const { counts, seconds } = await awaitEnds(platform.gateways[0] ?? '', fresh, ids, endsLimitMs);
  say(`orders by status after ${seconds.toFixed(1)} s: ${JSON.stringify(counts)}`);
  for (const status of ['lost', 'unread', 'pending', 'awaiting_payment'])
    if (counts[status]) faults.push(`${counts[status]} orders are ${status}`);
  const audit = await auditBooks(platform);
  say(audit.line);
  if (!audit.balanced) faults.push('the books do not balance');
  say('failed requests, by what was asked, what came back and what was going on:');
  for (const line of failureLines(buyers.failures)) say(line);
  // Of a killed gateway the connection is gone, and nobody but the client can repeat; so it is for reads of orders, which both have two of.
  const unforgiven = buyers.failures.filter(({ phase }) => !phase.startsWith('gateway'));
  if (unforgiven.length > 0) faults.push(`${unforgiven.length} requests failed that a gateway could have repeated`);
  return { faults };
}
