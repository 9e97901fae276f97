/**
 * RabbitMQ and PostgreSQL hang, are killed and are restarted under load, one after the other. After each of these the outboxes of all
 * services are empty soon: what could not be published meanwhile is published, and what is confirmed is deleted.
 */
import { pause, silentLog } from '@souk/kernel';
import { openDatabase } from '@souk/postgres';
import { type Buyers, failureLines, startBuyers } from '../buyers.ts';
import { auditBooks, awaitEnds } from '../ends.ts';
import { type Platform, startPlatform } from '../platform.ts';
import { plentifulProducts } from '../products.ts';
import { resumeAll, suspendAll } from '../suspend.ts';
import type { TrialOptions, Verdict } from '../trial.ts';

const hangMs = 30_000;
const beforeMs = 5_000;
const drainedWithinS = 30;
const endsLimitMs = 120_000;
const pollMs = 250;
const answerLimitMs = 5_000;
/** Orders keep coming, so some rows are always on their way; those are younger. */
const overdue = "select count(*)::int count from outbox where created_at < clock_timestamp() - interval '3 s'";

interface Outage {
  what: string;
  /** Resolves when the server works again. */
  make(): Promise<void>;
}

export async function hangsTrial({ rate, say }: TrialOptions): Promise<Verdict> {
  const platform = await startPlatform('orders=2');
  const faults: string[] = [];
  try {
    const token = (await platform.souk('token')).stdout.trim();
    const products = await plentifulProducts(platform);
    const buyers = startBuyers({ gateways: platform.gateways, token, products, orders_per_second: rate, reads_per_second: 0 });
    for (const outage of outagesOf(platform)) faults.push(...(await play(outage, platform, buyers, say)));
    await buyers.stop();
    const { counts, seconds } = await awaitEnds(platform.gateways[0] ?? '', token, [...buyers.placed.values()], endsLimitMs);
    say(`orders by status ${seconds.toFixed(1)} s after the last: ${JSON.stringify(counts)}`);
    if (Object.keys(counts).some((status) => status !== 'confirmed')) faults.push('not all orders are confirmed');
    for (const line of ['failed requests, which the clients repeated:', ...failureLines(buyers.failures)]) say(line);
    const audit = await auditBooks(platform);
    say(audit.line);
    if (!audit.balanced) faults.push('the books do not balance');
    return { faults };
  } finally {
    await platform.close();
  }
}

function outagesOf({ servers: { rabbit, postgres } }: Platform): Outage[] {
  const hang = async (pid: number | undefined): Promise<void> => {
    const suspended = await suspendAll(pid);
    await pause(hangMs);
    resumeAll(suspended);
  };
  return [
    { what: `RabbitMQ hangs for ${hangMs / 1_000} s`, make: () => hang(rabbit.pid()) },
    {
      what: 'RabbitMQ is killed and started again',
      async make() {
        await rabbit.kill();
        await rabbit.start();
      },
    },
    { what: `PostgreSQL hangs for ${hangMs / 1_000} s`, make: () => hang(postgres.pid()) },
    { what: 'PostgreSQL is stopped and started again', make: () => postgres.restart() },
  ];
}

async function play({ what, make }: Outage, platform: Platform, buyers: Buyers, say: (line: string) => void): Promise<string[]> {
  buyers.during('nothing is wrong');
  await pause(beforeMs);
  say(what);
  buyers.during(what);
  const [before, began] = [buyers.placed.size, performance.now()];
  await make();
  const [unsent, healed] = [await unsentEvents(platform), performance.now()];
  const lasted_s = ((healed - began) / 1_000).toFixed(1);
  say(
    `it lasted ${lasted_s} s, in which ${buyers.placed.size - before} orders were accepted; ${unsent ?? 'an unknown number of'} events wait for more than 3 s`,
  );
  for (;;) {
    const left = await unsentEvents(platform);
    const seconds = (performance.now() - healed) / 1_000;
    if (left === 0) {
      say(`none ${seconds.toFixed(1)} s later`);
      return [];
    }
    if (seconds > drainedWithinS) return [`${drainedWithinS} s after "${what}" ${left ?? 'an unknown number of'} events still wait`];
    await pause(pollMs);
  }
}

/** Rows in the outboxes of all services that no running publication explains; undefined while a database does not answer. */
async function unsentEvents({ servers }: Platform): Promise<number | undefined> {
  const counts = await Promise.all(
    Object.values(servers.database_urls).map(async (url) => {
      const database = openDatabase({ url, application_name: 'souk-load', pool_max: 1, connect_timeout_ms: answerLimitMs, log: silentLog });
      try {
        const [row] = await database.query<{ count: number }>(overdue);
        return row?.count ?? 0;
      } finally {
        await database.close();
      }
    }),
  ).catch(() => undefined);
  return counts?.reduce((sum, count) => sum + count, 0);
}
