import { getReceipt } from '@souk/contracts';
import { answer, type ServedRoute, serve } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';
import type { ReceiptOffice } from '../use-cases/issue-receipt.ts';

const uncached = { headers: { 'cache-control': 'no-store' } };

export function receiptRoutes(office: ReceiptOffice): readonly ServedRoute<OperationsContext>[] {
  return [
    serve(getReceipt, async (_context: OperationsContext, { params, caller, cause, signal }) =>
      answer(200, await office.issue(params.order_id, { caller, cause, signal }), uncached),
    ),
  ];
}
