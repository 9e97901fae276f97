/** What the auditor is shown, in ascending order of the order's id. */
import { type FactsPage, factsPage, idKey } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { paymentFacts } from '../store/payment-facts.ts';

const first = '00000000-0000-0000-0000-000000000000';

/** What Souk believes. */
export async function factsOfPayments({ db }: PaymentsContext, after: string | undefined, limit: number): Promise<FactsPage> {
  return factsPage(await paymentFacts(db, idKey(after) ?? first, limit), limit);
}

/** What the provider says. */
export async function factsOfProvider({ provider }: PaymentsContext, after: string | undefined, limit: number): Promise<FactsPage> {
  const statements = await provider.statement(idKey(after) ?? first, limit);
  return factsPage(
    statements.map(({ reference, ...fact }) => ({ key: reference, ...fact })),
    limit,
  );
}
