/**
 * 20 poison messages among 2,000 good ones, in the running platform: the payment of 20 orders is there already, over another
 * amount, when it is asked for. They end as dead letters; the cause removed, `souk dead replay` brings each to exactly one effect.
 */
import { derivedUuid, pause, silentLog } from '@souk/kernel';
import { type Database, openDatabase } from '@souk/postgres';
import { startBuyers } from '../buyers.ts';
import { auditBooks, awaitEnds } from '../ends.ts';
import { type Platform, startPlatform } from '../platform.ts';
import { plentifulProducts } from '../products.ts';
import type { TrialOptions, Verdict } from '../trial.ts';

const goodOnes = 2_000;
const poisonOnes = 20;
const ordersPerSecond = 100;
const queue = 'payments.create-payment';
const limitMs = 120_000;
const pollMs = 200;
/** The id of a payment begins as that of its order, which keeps both in order of time. */
const timeDigits = 13;
const paymentIdOf = (order_id: string): string => order_id.slice(0, timeDigits) + derivedUuid('payment', order_id).slice(timeDigits);

export async function poisonTrial({ say }: TrialOptions): Promise<Verdict> {
  const platform = await startPlatform('payments=1');
  const { database_urls } = platform.servers;
  const payments = openDatabase({ url: database_urls['payments'] ?? '', application_name: 'poison trial', pool_max: 1, log: silentLog });
  try {
    const token = (await platform.souk('token')).stdout.trim();
    const orders = await placeWhilePaymentsWait(platform, token, payments, say);
    return await judge(platform, token, orders, payments, say);
  } finally {
    await payments.close();
    await platform.close();
  }
}

interface Orders {
  all: string[];
  poisoned: string[];
}

/** Payments is stopped (SIGSTOP) while the orders are placed, so that the poison is there before their messages are handled. */
async function placeWhilePaymentsWait(platform: Platform, token: string, payments: Database, say: (line: string) => void): Promise<Orders> {
  const pid = (await platform.processes()).find(({ service }) => service === 'payments')?.pid;
  if (typeof pid !== 'number') throw new Error('payments does not run');
  const products = await plentifulProducts(platform);
  process.kill(pid, 'SIGSTOP');
  try {
    const options = { gateways: platform.gateways, token, products, orders_per_second: ordersPerSecond, reads_per_second: 0 };
    const buyers = startBuyers(options);
    while (buyers.placed.size < goodOnes + poisonOnes) await pause(pollMs);
    await buyers.stop();
    const all = [...buyers.placed.values()];
    const poisoned = all.filter((_, index) => index % Math.floor(all.length / poisonOnes) === 0).slice(0, poisonOnes);
    await payments.query(
      `insert into payments (id, order_id, user_id, amount, currency, payment_method, status, decline_code, provider, cause, created_at, updated_at)
       select id, order_id, order_id, 1, 'EUR', 'tok_visa', 'declined', 'poison', 'sandbox', '{}', now(), now()
       from unnest($1::uuid[], $2::uuid[]) poison (id, order_id)`,
      [poisoned.map(paymentIdOf), poisoned],
    );
    say(`${all.length} orders are placed; ${poisoned.length} of them cannot be paid`);
    return { all, poisoned };
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

async function judge(
  platform: Platform,
  token: string,
  { all, poisoned }: Orders,
  payments: Database,
  say: (line: string) => void,
): Promise<Verdict> {
  const faults: string[] = [];
  const gateway = platform.gateways[0] ?? '';
  const good = all.filter((id) => !poisoned.includes(id));
  const first = await awaitEnds(gateway, token, good, limitMs);
  say(`the good ones after ${first.seconds.toFixed(1)} s: ${JSON.stringify(first.counts)}`);
  if (first.counts['confirmed'] !== good.length) faults.push('not every good order is confirmed');
  const letters = await deadLetters(platform);
  say(`dead letters: ${letters.length}, reasons ${[...new Set(letters.map(({ reason }) => reason))].join(', ')}`);
  if (letters.length !== poisonOnes || letters.some((letter) => letter.queue !== queue || letter.reason !== 'payment_mismatch'))
    faults.push('the dead letters are not the poison ones with their reason');
  await payments.query('delete from payments where order_id = any($1::uuid[])', [poisoned]);
  const replay = await platform.souk('dead', 'replay', '--queue', queue);
  say(`souk dead replay: ${replay.stdout.trim() || replay.stderr.trim()}`);
  const second = await awaitEnds(gateway, token, poisoned, limitMs);
  say(`the poison ones ${second.seconds.toFixed(1)} s later: ${JSON.stringify(second.counts)}`);
  if (second.counts['confirmed'] !== poisonOnes) faults.push('not every poison order is confirmed after the replay');
  const effects = await payments.query<{ all: number; orders: number }>(
    'select count(*)::int "all", count(distinct order_id)::int orders from payments where status = \'captured\'',
  );
  say(`captured payments: ${effects[0]?.all} for ${effects[0]?.orders} orders`);
  if (effects[0]?.all !== all.length || effects[0]?.orders !== all.length) faults.push('there is not exactly one payment for each order');
  if ((await deadLetters(platform)).length > 0) faults.push('there are dead letters left');
  const audit = await auditBooks(platform);
  say(audit.line);
  if (!audit.balanced) faults.push('the books do not balance');
  return { faults };
}

async function deadLetters({ souk }: Platform): Promise<{ queue: string; reason: string }[]> {
  const { stdout } = await souk('dead', 'list', '--json', '--limit', '1000');
  return JSON.parse(stdout) as { queue: string; reason: string }[];
}
