/** Orders and reads keep coming while two gateways are restarted ten times, and one of two replicas of products and orders is killed. */
import { backAgain } from '../back-again.ts';
import { type Failure, failureLines, startBuyers } from '../buyers.ts';
import { auditBooks, awaitEnds } from '../ends.ts';
import { startPlatform } from '../platform.ts';
import { sampleProducts } from '../products.ts';
import type { TrialOptions, Verdict } from '../trial.ts';

const replicas = 'gateway=2,products=2,orders=2';
const restarts = 10;
const endsLimitMs = 120_000;

export async function restartsTrial({ rate, say }: TrialOptions): Promise<Verdict> {
  const platform = await startPlatform(replicas);
  try {
    const token = (await platform.souk('token')).stdout.trim();
    const products = await sampleProducts(platform);
    const buyers = startBuyers({ gateways: platform.gateways, token, products, orders_per_second: rate, reads_per_second: 4 * rate });
    const named = async (service: string, which: number): Promise<{ name: string; pid: number }> => {
      const same = (await platform.processes()).filter((one) => one.service === service);
      const { name = service, pid = null } = same[which % same.length] ?? {};
      if (pid === null) throw new Error(`${name} does not run`);
      return { name, pid };
    };
    for (let restart = 0; restart < restarts; restart += 1) {
      const { name, pid } = await named('gateway', restart);
      buyers.during(`${name} restarts`);
      process.kill(pid, 'SIGTERM');
      await backAgain(platform, name, pid);
      say(`restart ${restart + 1}: ${name} is back`);
    }
    for (const service of ['products', 'orders']) {
      const { name, pid } = await named(service, 1);
      buyers.during(`${name} is killed`);
      process.kill(pid, 'SIGKILL');
      await backAgain(platform, name, pid);
      say(`${name} was killed and is back`);
    }
    await buyers.stop();
    const { orders, reads } = buyers.sent();
    say(`${orders} order requests, ${reads} reads; those that failed:`);
    for (const line of failureLines(buyers.failures)) say(line);
    const ids = [...buyers.placed.values()];
    const { counts } = await awaitEnds(platform.gateways[0] ?? '', (await platform.souk('token')).stdout.trim(), ids, endsLimitMs);
    say(`orders by status: ${JSON.stringify(counts)}`);
    const audit = await auditBooks(platform);
    say(audit.line);
    return { faults: [...faultsOf(buyers.failures), ...(audit.balanced ? [] : ['the books do not balance'])] };
  } finally {
    await platform.close();
  }
}

/** A connection that is refused goes to the other gateway, with every balancer. An order whose service is killed is repeated by its key. */
function faultsOf(failures: readonly Failure[]): string[] {
  const counted = failures.filter(
    ({ what, phase, asked }) => what !== 'no answer (ECONNREFUSED)' && !(asked === 'order' && phase.endsWith('is killed')),
  );
  return counted.length === 0 ? [] : [`${counted.length} requests failed`];
}
