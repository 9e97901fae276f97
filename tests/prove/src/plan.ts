/**
 * What will happen, decided before anything runs: every order of every buyer, and every fault. Pure, so that one seed gives one plan;
 * what comes of it differs from run to run, because processes and networks decide in which moment of their work a fault meets them.
 */
import type { ChaosKind, ProviderName } from './options.ts';
import type { Random } from './random.ts';

/** Products of a run by their place: the first sells out, the others have plenty; one is archived, one has its stock adjusted. */
export const productCount = 12;
export const scarce = 0;
export const archived = 10;
export const adjusted = 11;

export interface PlannedOrder {
  at_ms: number;
  lines: readonly { product: number; quantity: number }[];
  payment_method: string;
  /** With the code that has few uses. */
  with_code: boolean;
  /** With an idempotency key it is repeated until it is answered; without one it is sent once. */
  keyed: boolean;
  /** The same request is sent twice at the same moment. */
  twice: boolean;
  /** The buyer cancels it so long after the answer. */
  cancel_after_ms: number | undefined;
  /** When the buyer looks at it, after the answer. */
  looks_ms: readonly number[];
}

export type StaffAction = 'ship' | 'complete' | 'refund' | 'adjust' | 'cancel' | 'archive' | 'erase' | 'parcel' | 'return';

export interface PlannedWork {
  at_ms: number;
  action: StaffAction;
  /** Between 0 and 1: which of the orders or buyers there are by then. */
  which: number;
}

export interface PlannedFault {
  at_ms: number;
  kind: Exclude<ChaosKind, 'messages' | 'provider' | 'clock'>;
  /** How long it lasts, where it lasts. */
  for_ms: number;
  /** Between 0 and 1: which of the processes or connections there are. */
  which: number;
  variant: 'whole' | 'part';
}

/** A time during which a process disturbs itself from within. */
export interface Window {
  from_ms: number;
  to_ms: number;
}

export interface Disturbances {
  messages: readonly Window[];
  provider: readonly Window[];
  clock: readonly (Window & { by_ms: number; service: string })[];
}

export interface Plan {
  orders: readonly (readonly PlannedOrder[])[];
  work: readonly PlannedWork[];
  faults: readonly PlannedFault[];
  disturbances: Disturbances;
}

const methods: Readonly<Record<ProviderName, readonly (readonly [string, number])[]>> = {
  sandbox: [
    ['tok_visa', 60],
    ['tok_declined', 8],
    ['tok_insufficient_funds', 4],
    ['tok_timeout', 10],
    ['tok_error_once', 12],
    ['tok_slow', 6],
  ],
  stripe: [
    ['pm_card_visa', 66],
    ['pm_declined', 10],
    // The customer pays on a page: of the bank, of Stripe.
    ['pm_asks', 12],
    ['stripe_checkout', 12],
  ],
};
/** Which is paid at once. */
export const plainMethod: Readonly<Record<ProviderName, string>> = { sandbox: 'tok_visa', stripe: 'pm_card_visa' };
const clockServices = ['orders', 'inventory', 'payments', 'notifications', 'products', 'users', 'gateway'];
/** After a process has been taken away the next fault waits until it is back; a shop in one process takes seconds. */
const pauseMs = { embedded: [4_000, 7_000], distributed: [1_500, 4_000] } as const;

export interface PlanOrder {
  buyers: number;
  seconds: number;
  chaos: readonly ChaosKind[];
  world: 'embedded' | 'distributed';
  codes: number;
  parcels: boolean;
  returns: boolean;
  provider: ProviderName;
}

/** What is asked for besides is drawn from sources of its own, so that the rest of the plan stays as it is without. */
export function makePlan(random: Random, { buyers, seconds, chaos, world, codes, parcels, returns, provider }: PlanOrder): Plan {
  const ends_ms = seconds * 1_000;
  const rushes = codes === 0 ? [] : timesOf(random.named('rushes'), { from_ms: 1_000, ends_ms, pause: rushPauseMs });
  const joins = Math.min(0.6, rushBuyersMax / buyers);
  return {
    orders: Array.from({ length: buyers }, (_, buyer) =>
      [
        ...ordersOf(random.named(`buyer ${buyer}`), ends_ms, methods[provider]),
        ...rushOrdersOf(random.named(`buyer ${buyer} in rushes`), { rushes, joins, payment_methods: methods[provider] }),
      ].sort((one, other) => one.at_ms - other.at_ms),
    ),
    work: [
      ...workOf(random.named('staff'), ends_ms),
      ...(parcels ? furtherWork(random.named('parcels'), 'parcel', ends_ms) : []),
      ...(returns ? furtherWork(random.named('returns'), 'return', ends_ms) : []),
    ].sort((one, other) => one.at_ms - other.at_ms),
    faults: faultsOf(random.named('faults'), { ends_ms, chaos, pause: pauseMs[world] }),
    disturbances: disturbancesOf(random.named('disturbances'), ends_ms, chaos),
  };
}

/** Between two moments at which many buyers want the code at once; what was cancelled since the last one is there again. */
const rushPauseMs = [900, 2_000] as const;
const rushBuyersMax = 24;

function timesOf(random: Random, of: { from_ms: number; ends_ms: number; pause: readonly [number, number] }): number[] {
  const times: number[] = [];
  for (let at_ms = of.from_ms; at_ms < of.ends_ms; at_ms += random.between(...of.pause)) times.push(at_ms);
  return times;
}

function rushOrdersOf(
  random: Random,
  { rushes, joins, payment_methods }: { rushes: readonly number[]; joins: number; payment_methods: readonly (readonly [string, number])[] },
): PlannedOrder[] {
  return rushes
    .filter(() => random.chance(joins))
    .map((at_ms) => ({
      at_ms,
      lines: [
        { product: random.between(1, productCount - 3), quantity: random.between(1, 3) },
        ...(random.chance(0.5) ? [{ product: random.between(1, productCount - 3), quantity: 1 }] : []),
      ],
      payment_method: weighted(random, payment_methods),
      with_code: true,
      keyed: random.chance(0.8),
      twice: random.chance(0.1),
      cancel_after_ms: random.chance(0.5) ? random.between(0, 1_500) : undefined,
      looks_ms: [random.between(0, 3_000)],
    }));
}

function furtherWork(random: Random, action: StaffAction, ends_ms: number): PlannedWork[] {
  return timesOf(random, { from_ms: 1_500, ends_ms, pause: [150, 500] }).map((at_ms) => ({ at_ms, action, which: random.share() }));
}

function ordersOf(random: Random, ends_ms: number, payment_methods: readonly (readonly [string, number])[]): PlannedOrder[] {
  const orders: PlannedOrder[] = [];
  for (let at_ms = random.between(0, 4_000); at_ms < ends_ms; at_ms += random.between(1_500, 6_000)) {
    const quantity = random.between(1, 3);
    const lines = [{ product: random.chance(0.3) ? scarce : random.between(1, productCount - 1), quantity }];
    if (random.chance(0.25)) lines.push({ product: random.between(1, productCount - 3), quantity: 1 });
    orders.push({
      at_ms,
      lines,
      payment_method: weighted(random, payment_methods),
      with_code: false,
      keyed: random.chance(0.8),
      twice: random.chance(0.1),
      cancel_after_ms: random.chance(0.2) ? random.between(0, 3_000) : undefined,
      looks_ms: Array.from({ length: random.between(1, 4) }, () => random.between(0, 5_000)).sort((one, other) => one - other),
    });
  }
  return orders;
}

function workOf(random: Random, ends_ms: number): PlannedWork[] {
  const often: readonly (readonly [StaffAction, number])[] = [
    ['ship', 40],
    ['complete', 15],
    ['refund', 25],
    ['adjust', 12],
    ['cancel', 8],
  ];
  const work: PlannedWork[] = [];
  for (let at_ms = 2_000; at_ms < ends_ms; at_ms += random.between(100, 500))
    work.push({ at_ms, action: weighted(random, often), which: random.share() });
  for (const action of ['archive', 'erase', 'erase'] as const)
    work.push({ at_ms: random.between(ends_ms / 3, ends_ms), action, which: random.share() });
  return work.sort((one, other) => one.at_ms - other.at_ms);
}

const strikes: readonly ChaosKind[] = ['kill', 'stop', 'database', 'broker', 'redis', 'network', 'outage', 'switches'];

function faultsOf(random: Random, of: { ends_ms: number; chaos: readonly ChaosKind[]; pause: readonly [number, number] }): PlannedFault[] {
  const kinds = strikes.filter((kind) => of.chaos.includes(kind)) as PlannedFault['kind'][];
  // Everything away at once is rare, and everything else comes several times.
  const drawn = kinds.flatMap((kind) => (kind === 'outage' ? [kind] : [kind, kind, kind]));
  const faults: PlannedFault[] = [];
  if (drawn.length === 0) return faults;
  for (let at_ms = random.between(1_000, 2_500); at_ms < of.ends_ms; ) {
    const for_ms = random.between(300, 6_000);
    faults.push({ at_ms, kind: random.pick(drawn), for_ms, which: random.share(), variant: random.chance(0.5) ? 'whole' : 'part' });
    at_ms += random.between(...of.pause);
  }
  return faults;
}

function disturbancesOf(random: Random, ends_ms: number, chaos: readonly ChaosKind[]): Disturbances {
  const windows = (kind: ChaosKind): Window[] => (chaos.includes(kind) ? windowsOf(random.named(kind), ends_ms) : []);
  const clocks = random.named('clocks');
  return {
    messages: windows('messages'),
    provider: windows('provider'),
    clock: windows('clock').map((window) => ({
      ...window,
      by_ms: clocks.pick([-90_000, -5_000, 5_000, 45_000, 120_000]),
      service: clocks.pick(clockServices),
    })),
  };
}

/** They cover about two thirds of the time. */
function windowsOf(random: Random, ends_ms: number): Window[] {
  const windows: Window[] = [];
  for (let from_ms = random.between(0, 1_500); from_ms < ends_ms; ) {
    const to_ms = Math.min(ends_ms, from_ms + random.between(1_000, 8_000));
    windows.push({ from_ms, to_ms });
    from_ms = to_ms + random.between(500, 4_000);
  }
  return windows;
}

function weighted<T>(random: Random, choices: readonly (readonly [T, number])[]): T {
  let left = random.share() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [choice, weight] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  return (choices[0] as readonly [T, number])[0];
}
