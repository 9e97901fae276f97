import { refusal } from '@souk/contracts';
import type { PaymentsContext } from '../context.ts';
import type { ProviderPage } from '../domain/required-interfaces.ts';
import { hurryCharge } from '../store/payments.ts';

const noPage = 'There is no such page.';

/** The page on which a customer finishes a payment. Throws `not_found`, also where the pages are the provider's own. */
export async function showPage({ provider }: PaymentsContext, payment_id: string): Promise<ProviderPage> {
  const page = await provider.pages?.show(payment_id);
  if (page === undefined) throw refusal('not_found', noPage);
  return page;
}

/** The customer pays on the page, or refuses to. The provider has the last word, and is asked at once what became of it. */
export async function finishPage(ctx: PaymentsContext, payment_id: string, outcome: 'paid' | 'refused'): Promise<ProviderPage> {
  const page = await ctx.provider.pages?.finish(payment_id, outcome);
  if (page === undefined) throw refusal('not_found', noPage);
  if (await hurryCharge(ctx.db, payment_id, ctx.clock.now())) ctx.wakeJob('charge-payments');
  return page;
}
