/** The pages of the sandbox provider, on which a customer pays or refuses to: what is shown is what its own record says. */
import type { Clock } from '@souk/kernel';
import type { Queryable } from '@souk/postgres';
import type { ProviderPage, ProviderPages } from '../domain/required-interfaces.ts';
import { endAction, findCharges, type RecordedCharge } from './sandbox-record.ts';

/** A path of the shop: the sandbox has no address of its own. */
export function sandboxPageUrl(idempotency_key: string): string {
  return `/api/payments/sandbox/pages/${idempotency_key}`;
}

export function sandboxPages(db: Queryable, clock: Clock): ProviderPages {
  const show = async (idempotency_key: string): Promise<ProviderPage | undefined> => {
    const [charge] = await findCharges(db, [idempotency_key]);
    return charge?.action_until_ms == null ? undefined : pageOf(charge, clock.now());
  };
  return {
    show,
    async finish(idempotency_key, outcome) {
      const paid = outcome === 'paid';
      await endAction(db, { key: idempotency_key, paid, decline_code: 'authentication_failed', at_ms: clock.now() });
      return show(idempotency_key);
    },
  };
}

function pageOf({ amount, currency, status, action_until_ms }: RecordedCharge, now_ms: number): ProviderPage {
  if (status === 'succeeded') return { amount, currency, state: 'paid' };
  const isOpen = status === 'action_required' && now_ms < (action_until_ms ?? 0);
  return { amount, currency, state: isOpen ? 'open' : 'closed' };
}
