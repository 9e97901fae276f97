import type { Protection } from '../protection.ts';

export const disputesProtections: readonly Protection[] = [
  {
    name: 'disputes: what is reported again is asked about again',
    file: 'services/payments/src/store/disputes.ts',
    from: 'on conflict (provider, reference) do update set due_at = excluded.due_at`',
    to: 'on conflict (provider, reference) do nothing`',
    tests: ['services/payments/test/disputes.test.ts'],
    protects: 'A dispute that goes on is known at once, however often it was reported before.',
  },
  {
    name: 'disputes: one about a payment under way waits for it',
    file: 'services/payments/src/use-cases/read-disputes.ts',
    from: 'if (is_under_way) return waitForPayment(ctx, tx, task, payment);',
    to: 'void waitForPayment;',
    tests: ['services/payments/test/disputes.test.ts'],
    protects: 'A dispute that is known before its charge is booked with it.',
  },
  {
    name: 'payments: a failed refund is made again once',
    file: 'services/payments/src/use-cases/resolve-refund.ts',
    from: "if (refund.status !== 'failed' || refund.retried_as !== null) {",
    to: "if (refund.status !== 'failed') {",
    tests: ['services/payments/test/failed-refunds.test.ts'],
    protects: 'Two requests to try a refund again give the money back once,.',
  },
];
