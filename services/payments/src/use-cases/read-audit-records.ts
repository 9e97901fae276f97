/** What the auditor is shown, in ascending order of the order's id. */

import { idKey, type RecordsPage, recordLine, recordsPage } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import type { KnownCharge } from '../domain/required-interfaces.ts';
import { cancellationRecords, type PaymentRecordRow, paymentRecords } from '../store/audit-records.ts';
import { knownCharges } from '../store/provider-references.ts';

const first = '00000000-0000-0000-0000-000000000000';

/** What Souk believes. */
export async function readPaymentRecords({ db }: PaymentsContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  return recordsPage(await paymentRecords(db, idKey(after) ?? first, limit), limit, paymentLine);
}

/** Disputes are rare, and left out where there is none. */
function paymentLine({ refunds, transfers, disputed, disputes, ...row }: PaymentRecordRow): string {
  if (disputes === null && disputed === 0) return recordLine({ ...row, order_id: row.key }, { refunds, transfers });
  return recordLine({ ...row, order_id: row.key, disputed }, { refunds, transfers, disputes });
}

/** Orders whose payment must never begin. */
export async function readCancellationRecords({ db }: PaymentsContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  return recordsPage(await cancellationRecords(db, idKey(after) ?? first, limit), limit);
}

/** What the provider says. */
export async function readProviderRecords(
  { provider, db }: PaymentsContext,
  after: string | undefined,
  limit: number,
): Promise<RecordsPage> {
  const from = idKey(after) ?? first;
  const known = new Map<string, KnownCharge>();
  const statements = await provider.statement(from, limit, async () => {
    for (const charge of await knownCharges(db, from, limit)) known.set(charge.order_id, charge);
    return [...known.values()];
  });
  const records = statements.map(({ reference, ...record }) => ({ key: reference, ...record }));
  const page = recordsPage(records, limit);
  // A page on which nothing was charged is not the last one.
  return known.size < limit ? page : { ...page, next: [...known.keys()].at(-1) ?? null };
}
