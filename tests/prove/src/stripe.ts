/** The proof's own Stripe: the stand-in that speaks its protocol, with faults while windows of the plan are open, and customers on its pages. */
import { StripeStandIn } from '@souk/stripe-stand-in';
import type { EndCharge } from './end-state.ts';
import type { Window } from './plan.ts';
import type { Random } from './random.ts';

export interface Stripe {
  /** For the processes of the shop. */
  env: Readonly<Record<string, string>>;
  /** From now on faults strike in these windows. */
  begin(windows: readonly Window[]): void;
  /** What it did to answers, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** What it took and gave back, by its own record. */
  charges(): EndCharge[];
  close(): Promise<void>;
}

/** How often customers look at their pages. */
const pageMs = 300;
const [faultShare, refusedShare] = [0.2, 0.2];
const faultKinds = ['lost', 'failed_after', 'failed'] as const;

export async function startStripe(random: Random): Promise<Stripe> {
  const stand_in = new StripeStandIn();
  await stand_in.open();
  const faults: Record<string, number> = {};
  let isOpen = (): boolean => false;
  stand_in.state.fault = (name) => {
    if (!isOpen() || !random.chance(faultShare)) return 'none';
    const fault = random.pick(faultKinds);
    // Stripe repeats a failure of the refund's one key for a day: longer than a run lasts.
    if (fault === 'failed' && name === 'POST refunds') return 'none';
    faults[`Stripe ${fault}`] = (faults[`Stripe ${fault}`] ?? 0) + 1;
    return fault;
  };
  const pages = random.named('pages');
  const paying = setInterval(() => {
    for (const { payment_id, page } of stand_in.waiting)
      if (pages.chance(0.5)) stand_in.finish(payment_id, page === 'bank' && pages.chance(refusedShare) ? 'refused' : 'paid');
  }, pageMs);
  const { host, port } = stand_in.address;
  return {
    env: {
      SOUK_PROVE_STRIPE: JSON.stringify({ host, port }),
      PAYMENT_PROVIDER: 'stripe',
      STRIPE_SECRET_KEY: 'sk_of_the_stand_in_of_the_proof_0b5d3a7c9e1f',
      STRIPE_WEBHOOK_SECRETS: 'whsec_0b5d3a7c9e1f24680b5d3a7c9e1f2468',
      PAYMENT_RETURN_URL: 'https://shop.example/orders/{order_id}',
    },
    begin(windows) {
      const began = performance.now();
      isOpen = () => windows.some(({ from_ms, to_ms }) => performance.now() - began >= from_ms && performance.now() - began < to_ms);
    },
    faults,
    charges: () => chargesOf(stand_in),
    async close() {
      clearInterval(paying);
      await stand_in.close();
    },
  };
}

function chargesOf({ intents, refunds }: StripeStandIn): EndCharge[] {
  const charges = new Map<string, EndCharge>();
  for (const { id, amount_received, metadata } of intents) {
    if (amount_received === 0) continue;
    const order_id = metadata['order_id'] ?? '';
    const before = charges.get(order_id) ?? { order_id, charges: 0, charged: 0, refunded: 0, refunds: [] };
    const given = refunds.filter(({ payment_intent }) => payment_intent === id);
    charges.set(order_id, {
      order_id,
      charges: before.charges + 1,
      charged: before.charged + amount_received,
      refunded: before.refunded + given.reduce((sum, { amount }) => sum + amount, 0),
      refunds: [...before.refunds, ...given.map(({ amount, metadata: of }) => ({ key: of['refund_id'] ?? '', amount }))],
    });
  }
  return [...charges.values()];
}
