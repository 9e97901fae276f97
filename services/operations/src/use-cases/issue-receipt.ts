/** Puts the receipt of an order together and has it signed by users, which has the private key. */
import { type Receipt, refusal, type SignedReceipt, signReceipt } from '@souk/contracts';
import { createLimiter } from '@souk/kernel';
import { askService, type Caller } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';
import type { JoinedRecords } from '../domain/joined-records.ts';
import { receiptOf, receiptSources } from '../domain/receipt.ts';
import { type RecordsRequest, readJoinedRecords } from './explain-order.ts';
import type { Auditor } from './run-audit.ts';

export interface ReceiptOffice {
  /** Throws `not_found`, also for the order of another customer; `service_unavailable` while a service it needs is away; `overloaded`. */
  issue(order_id: string, request: RecordsRequest & { caller: Caller }): Promise<SignedReceipt>;
}

/** A receipt costs some twenty calls of services: more at once would be felt by orders. */
const underWayMax = 4;
const waitingMax = 16;
const waitMaxMs = 5_000;
const signTimeoutMs = 3_000;

export function createReceiptOffice(context: OperationsContext, auditor: Pick<Auditor, 'outcomesOf'>): ReceiptOffice {
  const limiter = createLimiter({
    running_max: underWayMax,
    waiting_max: waitingMax,
    wait_ms_max: waitMaxMs,
    overloaded: () => refusal('overloaded', 'Too many receipts are being made; try again in a moment.'),
  });
  return {
    issue: (order_id, { caller, ...request }) =>
      limiter.run(async () => {
        const records = await readJoinedRecords(context, order_id, request);
        if (!isOwn(records.order, caller) && !caller.isStaff) throw refusal('not_found', 'There is no such order.');
        const away = records.incomplete.filter((service) => receiptSources.includes(service));
        if (away.length > 0)
          throw refusal('service_unavailable', `A receipt needs ${away.join(' and ')}, which did not answer.`, { service: away[0] });
        const checked_at_ms = context.clock.now();
        const receipt = receiptOf(records, await auditor.outcomesOf(order_id), checked_at_ms);
        const { jws } = (await askService(context, signReceipt, { ...request, body: receipt, internal: true, timeout_ms: signTimeoutMs }))
          .body;
        return { receipt: payloadOf(jws), jws };
      }),
  };
}

/** Also the order of a guest whom the caller has linked. */
function isOwn({ user_id, linked_to }: Pick<JoinedRecords['order'], 'user_id' | 'linked_to'>, caller: Caller): boolean {
  return user_id === caller.user_id || linked_to === caller.user_id;
}

/** What was signed, which the readable copy must equal in every character. */
function payloadOf(jws: string): Receipt {
  const [, payload = ''] = jws.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Receipt;
}
