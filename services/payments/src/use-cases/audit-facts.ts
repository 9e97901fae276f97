/** What the auditor is shown, in ascending order of the order's id. */
import { refusal } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import type { FactsPage } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { paymentFacts } from '../store/payment-facts.ts';

const first = '00000000-0000-0000-0000-000000000000';

/** What Souk believes. */
export async function factsOfPayments({ db }: PaymentsContext, after: string | undefined, limit: number): Promise<FactsPage> {
  return pageOf(await paymentFacts(db, checked(after), limit), limit);
}

/** What the provider says. */
export async function factsOfProvider({ provider }: PaymentsContext, after: string | undefined, limit: number): Promise<FactsPage> {
  const statements = await provider.statement(checked(after), limit);
  return pageOf(
    statements.map(({ reference, ...fact }) => ({ key: reference, ...fact })),
    limit,
  );
}

function checked(after: string | undefined): string {
  if (after !== undefined && !isUuid(after)) throw refusal('cursor_invalid');
  return after ?? first;
}

function pageOf(facts: FactsPage['facts'], limit: number): FactsPage {
  return { facts, next: facts.length === limit ? (facts.at(-1)?.key ?? null) : null };
}
