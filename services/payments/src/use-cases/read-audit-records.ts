/** What the auditor is shown, in ascending order of the order's id. */
import { idKey, type RecordsPage, recordsPage } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { cancellationRecords, paymentRecords } from '../store/audit-records.ts';

const first = '00000000-0000-0000-0000-000000000000';

/** What Souk believes. */
export async function readPaymentRecords({ db }: PaymentsContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  return recordsPage(await paymentRecords(db, idKey(after) ?? first, limit), limit);
}

/** Orders whose payment must never begin. */
export async function readCancellationRecords({ db }: PaymentsContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  return recordsPage(await cancellationRecords(db, idKey(after) ?? first, limit), limit);
}

/** What the provider says. */
export async function readProviderRecords({ provider }: PaymentsContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  const statements = await provider.statement(idKey(after) ?? first, limit);
  return recordsPage(
    statements.map(({ reference, ...record }) => ({ key: reference, ...record })),
    limit,
  );
}
