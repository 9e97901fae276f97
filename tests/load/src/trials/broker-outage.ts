/** The broker is stopped under load for a while: orders go on being accepted, and soon after its return all of them are confirmed. */
import { pause } from '@souk/kernel';
import { failureLines, startBuyers } from '../buyers.ts';
import { auditBooks, awaitEnds } from '../ends.ts';
import { type Platform, startPlatform } from '../platform.ts';
import { plentifulProducts } from '../products.ts';
import type { TrialOptions, Verdict } from '../trial.ts';

const outageMs = 30_000;
const confirmedWithinS = 30;
const beforeMs = 5_000;
const lookEveryMs = 1_000;
/** What must be seen of the age of the oldest unsent event, at the end of the outage. */
const ageSeenMinS = 20;

export async function brokerOutageTrial({ rate, say }: TrialOptions): Promise<Verdict> {
  const platform = await startPlatform('orders=2');
  const faults: string[] = [];
  try {
    const token = (await platform.souk('token')).stdout.trim();
    const products = await plentifulProducts(platform);
    const buyers = startBuyers({ gateways: platform.gateways, token, products, orders_per_second: rate, reads_per_second: 0 });
    await pause(beforeMs);
    say('stopping RabbitMQ');
    buyers.during('RabbitMQ is away');
    await platform.servers.rabbit.stop();
    const before = buyers.placed.size;
    const seen = await watchOutage(platform, performance.now() + outageMs);
    const during = buyers.placed.size - before;
    say(
      `${during} orders were accepted in the ${outageMs / 1_000} s; the oldest unsent age rose to ${seen.metric.toFixed(0)} s in /metrics`,
    );
    say(`/health of orders then: ${seen.health}`);
    if (during < (rate * outageMs) / 2_000) faults.push('orders were not accepted while the broker was away');
    if (seen.metric < ageSeenMinS) faults.push('the oldest unsent age was not seen in /metrics');
    if (!/"status":"degraded"/.test(seen.health) || !/unsent/.test(seen.health))
      faults.push('/health does not report the oldest unsent age');
    await buyers.stop();
    await platform.servers.rabbit.start();
    say('RabbitMQ is back');
    const { counts, seconds } = await awaitEnds(platform.gateways[0] ?? '', token, [...buyers.placed.values()], 2_000 * confirmedWithinS);
    say(`orders by status ${seconds.toFixed(1)} s later: ${JSON.stringify(counts)}`);
    if (Object.keys(counts).some((status) => status !== 'confirmed')) faults.push('not all orders are confirmed');
    if (seconds > confirmedWithinS) faults.push(`it took ${seconds.toFixed(1)} s, not ${confirmedWithinS}`);
    for (const line of ['failed requests:', ...failureLines(buyers.failures)]) say(line);
    if (buyers.failures.length > 0) faults.push(`${buyers.failures.length} requests failed`);
    const audit = await auditBooks(platform);
    say(audit.line);
    if (!audit.balanced) faults.push('the books do not balance');
    return { faults };
  } finally {
    await platform.close();
  }
}

/** The largest age of an unsent event in /metrics of the orders service, and its /health at the end. */
async function watchOutage(platform: Platform, ends: number): Promise<{ metric: number; health: string }> {
  const orders = (await platform.processes()).find(({ service }) => service === 'orders')?.url ?? '';
  let metric = 0;
  let health = '';
  while (performance.now() < ends) {
    await pause(lookEveryMs);
    const text = await (await fetch(`${orders}/metrics`)).text();
    const [, age = '0'] = /^souk_outbox_oldest_age_seconds(?:\{[^}]*\})? (\S+)/m.exec(text) ?? [];
    metric = Math.max(metric, Number(age));
    health = await (await fetch(`${orders}/health`)).text();
  }
  return { metric, health };
}
