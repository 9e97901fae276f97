import { AssertionFailed, probePause } from '@souk/kernel';
import type { Broker } from '@souk/messaging';
import type { RunnableService } from '@souk/service-kit';

const limitDefaultMs = 30_000;
const probeMs = 15;
const quietRounds = 2;

/** Waits until two looks in a row find nothing on its way: empty outboxes, empty queues, no service with work in hand. */
export async function settle(options: {
  services: ReadonlyMap<string, RunnableService>;
  broker: Broker;
  limit_ms?: number;
}): Promise<void> {
  const since_ms = performance.now();
  let quiet = 0;
  let left: string[] = [];
  while (quiet < quietRounds) {
    left = await whatIsLeft(options.services, options.broker);
    quiet = left.length === 0 ? quiet + 1 : 0;
    if (quiet === quietRounds) return;
    if (performance.now() > since_ms + (options.limit_ms ?? limitDefaultMs)) throw new AssertionFailed(`not settled: ${left.join('; ')}`);
    await probePause(since_ms, probeMs);
  }
}

async function whatIsLeft(services: ReadonlyMap<string, RunnableService>, broker: Broker): Promise<string[]> {
  const busy = await Promise.all(
    [...services].map(async ([name, service]) => ((await service.settled()) ? [] : [`${name} has work in hand`])),
  );
  const stats = await broker.stats();
  const queues = stats
    .filter((row) => row.ready + row.delayed > 0)
    .map((row) => `${row.queue}: ${row.ready} ready, ${row.delayed} delayed`);
  return [...busy.flat(), ...queues];
}
