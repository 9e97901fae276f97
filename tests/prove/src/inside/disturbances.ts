/** What a process of the shop does to itself while a window of the plan is open. Read from a file, so that a restarted process goes on with it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Broker, Delivery, Outgoing, PublishOutcome, Settlement } from '@souk/messaging';
import type { ChargeAnswer, PaymentProvider } from '@souk/payments';

interface Window {
  /** Milliseconds of the Unix epoch. */
  from: number;
  to: number;
}

/** The file of SOUK_PROVE_PLAN: without windows until the load begins, and written once more then. */
export interface DisturbancePlan {
  messages: readonly Window[];
  provider: readonly Window[];
  clock: readonly (Window & { by_ms: number; service: string })[];
  /** Folder in which each process counts what it did. */
  counts: string;
}

const file = String(process.env.SOUK_PROVE_PLAN);
let plan = JSON.parse(readFileSync(file, 'utf8')) as DisturbancePlan;
/** `orders` of services/orders/src/main.ts; a shop in one process is every service. */
const service = basename(dirname(dirname(process.argv[1] ?? '')));
const counted = new Map<string, number>();
const countsFile = join(plan.counts, `${process.pid}-${Date.now()}.json`);
const countsMs = 250;
const laterMsMax = 2_000;
const lateProviderMsMax = 4_000;

setInterval(() => {
  if (plan.messages.length + plan.provider.length + plan.clock.length === 0)
    plan = JSON.parse(readFileSync(file, 'utf8')) as DisturbancePlan;
  if (counted.size > 0) writeFileSync(countsFile, JSON.stringify(Object.fromEntries(counted)));
}, countsMs).unref();

function count(kind: string): void {
  counted.set(kind, (counted.get(kind) ?? 0) + 1);
}

function isOpen(windows: readonly Window[]): boolean {
  const now = Date.now();
  return windows.some(({ from, to }) => now >= from && now < to);
}

function happens(share: number): boolean {
  return Math.random() < share;
}

function later(ms_max: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * ms_max));
}

/** Milliseconds by which the clock of this process is wrong. */
export function skewMs(): number {
  const now = Date.now();
  const wrong = plan.clock.find(({ from, to, service: whose }) => now >= from && now < to && (whose === service || service === 'cli'));
  if (wrong !== undefined && !counted.has(`clock ${wrong.from}`)) counted.set(`clock ${wrong.from}`, 1);
  return wrong?.by_ms ?? 0;
}

/** Messages that are doubled, delayed and taken out of order on their way in, and delivered again after they were handled. */
export function disturbBroker(broker: Broker): Broker {
  const publish = async (messages: readonly Outgoing[]): Promise<PublishOutcome[]> => {
    if (!isOpen(plan.messages)) return broker.publish(messages);
    if (happens(0.2)) {
      count('messages delayed');
      await later(laterMsMax);
    }
    if (happens(0.2) && messages.length > 1) return publishApart(messages);
    const outcomes = await broker.publish(messages);
    if (happens(0.3)) {
      count('messages doubled');
      void later(laterMsMax)
        .then(() => broker.publish(messages))
        .catch(() => undefined);
    }
    return outcomes;
  };
  const publishApart = async (messages: readonly Outgoing[]): Promise<PublishOutcome[]> => {
    count('messages reordered');
    const outcomes: PublishOutcome[] = messages.map(() => 'unconfirmed');
    for (const index of messages.keys().toArray().reverse()) {
      const [outcome] = await broker.publish([messages[index] as Outgoing]);
      outcomes[index] = outcome ?? 'unconfirmed';
    }
    return outcomes;
  };
  return {
    ...broker,
    publish,
    consume: (options) =>
      broker.consume({
        ...options,
        async handle(batch: readonly Delivery[]): Promise<Settlement[]> {
          if (isOpen(plan.messages) && happens(0.2)) {
            count('deliveries delayed');
            await later(laterMsMax);
          }
          const settlements = await options.handle(batch);
          if (!isOpen(plan.messages) || !happens(0.1)) return settlements;
          count('acknowledgements lost');
          throw new Error('souk prove: the acknowledgement is lost');
        },
      }),
  };
}

/** Where the proof's stand-in for Stripe listens. */
export function stripeAddress(): { address?: { host: string; port: number } } {
  const address = process.env.SOUK_PROVE_STRIPE;
  return address === undefined ? {} : { address: JSON.parse(address) as { host: string; port: number } };
}

/** A provider that is away, answers late, answers twice, or whose answer is lost on its way. */
export function disturbProvider(provider: PaymentProvider): PaymentProvider {
  const disturbed = async <T>(call: () => Promise<T>): Promise<T> => {
    if (!isOpen(plan.provider) || happens(0.5)) return call();
    const how = Math.floor(Math.random() * 4);
    if (how === 0) {
      count('provider away');
      throw new Error('souk prove: the provider is away');
    }
    if (how === 1) {
      count('provider late');
      await later(lateProviderMsMax);
      return call();
    }
    if (how === 2) {
      count('provider asked twice');
      const [first] = await Promise.all([call(), call()]);
      return first;
    }
    await call();
    count('provider answer lost');
    throw new Error('souk prove: the answer of the provider is lost');
  };
  const { prepare } = provider;
  return {
    ...provider,
    ...(prepare && { prepare: (request) => disturbed(() => prepare(request)) }),
    charge: (request): Promise<ChargeAnswer> => disturbed(() => provider.charge(request)),
    find: (key) => disturbed(() => provider.find(key)),
    abandon: (key) => disturbed(() => provider.abandon(key)),
    refund: (request) => disturbed(() => provider.refund(request)),
  };
}
