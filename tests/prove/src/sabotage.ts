/**
 * Protections that can be switched off from outside, to see the proof fail. Each is a change of sources as they are loaded; the code of the
 * shop has no switch for it. The change must meet its text, so that a protection that was rewritten is noticed here.
 */
import type { SourceEdit } from '@souk/mutation/source-edits';
import type { Rule } from './evidence.ts';
import type { ProveOptions } from './options.ts';

export interface Sabotage {
  name: string;
  /** What is not done any more. */
  what: string;
  edits: readonly SourceEdit[];
  /** The proof names at least one of these. */
  causes: readonly Rule[];
  /** What has to be sold for it to be seen. */
  needs?: Partial<Pick<ProveOptions, 'codes' | 'parcels' | 'returns' | 'provider'>>;
}

export const sabotages: readonly Sabotage[] = [
  {
    name: 'no-guard',
    what: 'orders are granted stock that is not there; neither the balance nor the database refuses it',
    edits: [
      {
        file: 'services/inventory/src/domain/grant-orders.ts',
        from: '.filter((line) => line.requested > line.available);',
        to: '.filter((line) => line.requested > line.available + 1_000_000);',
      },
      {
        file: 'services/inventory/src/domain/stock.ts',
        from: '0 <= row.reserved && row.reserved <= row.on_hand,',
        to: '0 <= row.reserved,',
      },
      {
        file: 'packages/postgres/src/migrate.ts',
        from: "const text = await readFile(join(path, name), 'utf8');",
        to: "const text = (await readFile(join(path, name), 'utf8')).replace('check (0 <= reserved and reserved <= on_hand)', 'check (true)');",
      },
    ],
    causes: ['oversold'],
  },
  {
    name: 'no-inbox',
    what: 'a message that comes again has its effect again: the key of a reservation is not looked at',
    edits: [
      {
        file: 'services/inventory/src/use-cases/reserve-stock.ts',
        from: 'const fresh = [...orders.values()].filter((event) => claimed.has(event.order_id));',
        to: 'const fresh = [...orders.values()];',
      },
    ],
    causes: ['stock_not_as_ordered', 'books'],
  },
  {
    name: 'no-outbox',
    what: 'events are published from memory and written nowhere',
    edits: [
      {
        file: 'packages/messaging/src/messaging.ts',
        from: 'await insertRows(tx, rows);',
        to: 'void insertRows;',
      },
    ],
    causes: ['order_not_ended', 'stock_not_as_ordered', 'money_kept', 'books'],
  },
  {
    name: 'double-charge',
    what: 'each attempt at the provider has a key of its own',
    edits: [
      {
        file: 'services/payments/src/use-cases/charge-payment.ts',
        from: 'const request = { idempotency_key: chargeKeyOf(task), amount,',
        to: 'const request = { idempotency_key: crypto.randomUUID(), amount,',
      },
    ],
    causes: ['charged_twice'],
  },
  {
    name: 'lost-compensation',
    what: 'the stock of cancelled orders is not given back',
    edits: [
      {
        file: 'services/inventory/src/use-cases/release-stock.ts',
        from: "const held = reservations.filter(({ status }) => decideRelease(status) === 'release');",
        to: 'const held = reservations.slice(0, 0);',
      },
    ],
    causes: ['stock_not_as_ordered', 'not_sold_out', 'books'],
  },
  {
    name: 'no-lock-order',
    what: 'stock is read without a lock before it is written',
    edits: [
      {
        file: 'services/inventory/src/store/stock.ts',
        from: 'where product_id = any($1::uuid[]) order by product_id for update`',
        to: 'where product_id = any($1::uuid[])`',
      },
    ],
    causes: ['stock_not_as_ordered', 'oversold', 'adjustment_lost', 'books'],
  },
  {
    name: 'ack-before-commit',
    what: 'messages are acknowledged before their effect is committed',
    edits: [
      {
        file: 'packages/messaging/src/consumer-runtime.ts',
        from: 'const errors = valid.length === 0 ? new Map<string, Error>() : await handleTogether(definition, context, options, valid);',
        to: `const errors = new Map<string, Error>();
    if (valid.length > 0) setTimeout(() => void handleTogether(definition, context, options, valid).catch(() => undefined), 300);`,
      },
    ],
    causes: ['order_not_ended', 'stock_not_as_ordered', 'money_kept', 'books'],
  },
  {
    name: 'publish-before-commit',
    what: 'events leave before the transaction that made them true is committed, and one in four of these fails',
    edits: [
      {
        file: 'packages/messaging/src/messaging.ts',
        from: 'tx.onCommit(() => relay.offer(rows));\n    await insertRows(tx, rows);',
        // COMMIT travels with the last statement, so that a crash between the two is rare; that a statement fails is the same to all others.
        to: `relay.offer(rows);
    if (rows.some(({ event_type, event_id }) => event_type === 'order.created' && /[0-3]$/.test(event_id))) await tx.query('select 1 / 0');
    await insertRows(tx, rows);`,
      },
    ],
    causes: ['stock_not_as_ordered', 'charged_otherwise', 'order_not_ended', 'money_kept', 'books'],
  },
  {
    name: 'early-deadline',
    what: 'deadlines pass before their time',
    edits: [
      {
        file: 'services/orders/src/use-cases/expire-orders.ts',
        from: 'const passed_until = Math.min(processed_until, ctx.clock.now());',
        to: 'const passed_until = processed_until + ctx.clock.now();',
      },
    ],
    causes: ['deadline_early'],
  },
  {
    name: 'no-tombstone',
    what: 'a cancellation that comes before its order leaves nothing behind',
    edits: [
      {
        file: 'services/inventory/src/use-cases/release-stock.ts',
        from: '[...orders.keys()].map((order_id) => ({ order_id, items: [] })),',
        to: '[],',
      },
    ],
    causes: ['stock_not_as_ordered', 'not_sold_out', 'books'],
  },
  {
    name: 'lost-refund',
    what: 'refunds are booked and not asked for at the provider',
    edits: [
      {
        file: 'services/payments/src/use-cases/pay-refund.ts',
        from: "await atProvider(ctx, 'refund', task.cause, () => ctx.provider.refund(request));",
        to: "{ status: 'done' as const };",
      },
    ],
    causes: ['money_kept', 'refund_lost'],
  },
  {
    name: 'forgotten-relay',
    what: 'events that were not published right after their commit are never looked for',
    edits: [
      {
        file: 'packages/messaging/src/relay.ts',
        from: 'more = await this.#sweep();',
        to: 'more = false;',
      },
    ],
    causes: ['order_not_ended', 'stock_not_as_ordered', 'money_kept', 'books'],
  },
  {
    name: 'no-code-lock',
    what: 'uses of a code are read without a lock; neither the count nor the database refuses one more',
    edits: [
      {
        file: 'services/orders/src/store/placements.ts',
        from: 'order by code_key for no key update',
        to: 'order by code_key',
      },
      // As behind a slow network: those who read the count at the same time all decide by it.
      {
        file: 'services/orders/src/store/placements.ts',
        from: 'return row ?? { products: [],',
        to: 'await new Promise((resolve) => setTimeout(resolve, 30));\n  return row ?? { products: [],',
      },
      {
        file: 'packages/postgres/src/migrate.ts',
        from: "const text = await readFile(join(path, name), 'utf8');",
        to: "const text = (await readFile(join(path, name), 'utf8')).replace('check (used between 0 and coalesce(uses_max, 0))', 'check (true)');",
      },
    ],
    causes: ['code_overused'],
    needs: { codes: 8 },
  },
  {
    name: 'keep-code-on-cancel',
    what: 'a cancelled order keeps its use of a code',
    edits: [
      {
        file: 'services/orders/src/use-cases/advance-checkout.ts',
        from: 'if (cancelled.length > 0)',
        to: 'if (cancelled.length > 1_000_000)',
      },
    ],
    causes: ['code_kept', 'code_not_used_up'],
    needs: { codes: 8 },
  },
  {
    name: 'refund-list-price',
    what: 'a return gives back the price of the list instead of what was paid',
    edits: [
      {
        file: 'services/orders/src/domain/return.ts',
        from: 'shareOfPieces(line.paid ?? line.line_total, line.quantity,',
        to: 'shareOfPieces(line.line_total, line.quantity,',
      },
    ],
    causes: ['return_refund_wrong'],
    needs: { codes: 40, parcels: true, returns: true },
  },
  {
    name: 'confirm-before-reference',
    what: 'what Stripe made is confirmed before its name is kept, so that one whose answer is lost is not found again',
    edits: [
      {
        file: 'services/payments/src/use-cases/charge-payment.ts',
        from: 'const provider_reference = await keepReference(ctx.db, task.id, prepared.reference);',
        to: 'void keepReference;\n    const provider_reference: string | undefined = prepared.reference;',
      },
    ],
    causes: ['charged_twice'],
    needs: { provider: 'stripe' },
  },
];

/** Those that a checkout without codes, returns and Stripe meets. */
export const checkoutSabotages = sabotages.filter(({ needs }) => needs === undefined);
