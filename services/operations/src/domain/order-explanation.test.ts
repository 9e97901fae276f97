import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OrderExplanation } from '@souk/contracts';
import { causalOrder, type StepDraft } from './causal-order.ts';
import type { JoinedRecords, Transition } from './joined-records.ts';
import { explanationOf } from './order-explanation.ts';

const order_id = '0198c5a4-0000-7000-8000-000000000001';
const payment_id = '0198c5a4-0000-7000-8000-0000000000aa';
const refund_id = '0198c5a4-0000-7000-8000-0000000000bb';
const product_id = '0198c5a4-0000-7000-8000-0000000000cc';
const user_id = '0198c5a4-0000-7000-8000-0000000000dd';
const startMs = Date.parse('2026-11-30T08:00:00.000Z');
const at = (ms: number): string => new Date(startMs + ms).toISOString();

type Line = Partial<Transition> & Pick<Transition, 'from' | 'to' | 'cause'>;

function history(...lines: [ms: number, line: Line][]): Transition[] {
  return lines.map(([ms, line], place) => ({
    sequence: place + 1,
    version: place + 1,
    at: at(ms),
    cause_id: `event-${place}`,
    actor: 'system',
    note: null,
    note_key: null,
    ...line,
  }));
}

const placed = (): [number, Line] => [0, { from: null, to: 'pending', cause: 'place_requested', actor: `user:${user_id}` }];
const awaited = (ms: number): [number, Line] => [ms, { from: 'pending', to: 'awaiting_payment', cause: 'inventory.reserved' }];
const confirmed = (ms: number): [number, Line] => [ms, { from: 'awaiting_payment', to: 'confirmed', cause: 'payment.processed' }];

/** A confirmed order, with what differs. */
function records(changes: Partial<JoinedRecords> & { status?: JoinedRecords['order']['status']; read_ms?: number } = {}): JoinedRecords {
  const { status = 'confirmed', read_ms = 60_000, order, ...rest } = changes;
  return {
    order: {
      id: order_id,
      order_number: 'S-10001',
      user_id,
      status,
      items: [{ product_id, sku: 'K1', name: 'Copper kettle', quantity: 2, price: 12_995, line_total: 25_990 }],
      total_amount: 25_990,
      currency: 'EUR',
      version: 3,
      cancel_reason: null,
      deadline_at: null,
      correlation_id: user_id,
      traceparent: null,
      placed_under_key: true,
      erased_at: null,
      created_at: at(0),
      updated_at: at(0),
      ...order,
    },
    transitions: history(placed(), awaited(20), confirmed(60)),
    reservation: { status: 'held', items: [{ product_id, quantity: 2 }], created_at: at(10), updated_at: at(10) },
    movements: [{ id: 'm1', product_id, kind: 'reserved', on_hand_change: 0, reserved_change: 2, at: at(10) }],
    payment: {
      id: payment_id,
      amount: 25_990,
      currency: 'EUR',
      status: 'captured',
      decline_code: null,
      captured: 25_990,
      refunded: 0,
      refunding: 0,
      provider: 'sandbox',
      cancel_reason: null,
      attempts: 1,
      due_at: null,
      event_id: 'asked',
      created_at: at(30),
      updated_at: at(50),
    },
    refunds: [],
    transfers: [{ refund_id: null, amount: 25_990, currency: 'EUR', at: at(50) }],
    provider: {
      charges: [
        { idempotency_key: payment_id, status: 'succeeded', amount: 25_990, currency: 'EUR', decline_code: null, calls: 1, at: at(40) },
      ],
      refunds: [],
    },
    messages: [],
    disputes: [],
    unsent_events: [],
    dead_letters: [],
    incomplete: [],
    read_at_ms: startMs + read_ms,
    ...rest,
  };
}

const summary = (changes: Parameters<typeof records>[0]): string => explanationOf(records(changes)).summary;
const kinds = ({ steps }: OrderExplanation): string[] => steps.map(({ kind }) => kind);

describe('the explanation of an order', () => {
  it('is one paragraph and a chain of causes where all went well', () => {
    const explanation = explanationOf(records());
    assert.equal(
      explanation.summary,
      'Order S-10001 was placed on 2026-11-30 08:00:00 UTC for 259.90 EUR: 2 × Copper kettle. Its pieces were held after 10 ms. ' +
        '259.90 EUR were charged once, known after 50 ms. It was confirmed after 60 ms.',
    );
    assert.deepEqual(kinds(explanation), [
      'order_placed',
      'stock_held',
      'order_awaiting_payment',
      'payment_requested',
      'charge_succeeded',
      'payment_captured',
      'order_confirmed',
    ]);
    assert.deepEqual(
      explanation.steps.map(({ because_of }) => because_of.map(({ step, waited_ms }) => [step, waited_ms])),
      [[], [[1, 10]], [[2, 10]], [[3, 10]], [[4, 10]], [[5, 10]], [[6, 10]]],
    );
    assert.equal(explanation.steps[3]?.because_of[0]?.event_id, 'asked');
  });

  it('puts a cause before its effect although the clock of its machine is ahead', () => {
    const reservation = { ...records().reservation, created_at: at(4_000), updated_at: at(4_000) } as JoinedRecords['reservation'];
    const explanation = explanationOf(records({ ...(reservation && { reservation }) }));
    assert.deepEqual(kinds(explanation).slice(0, 3), ['order_placed', 'stock_held', 'order_awaiting_payment']);
    assert.equal(explanation.steps[2]?.because_of[0]?.waited_ms, 0);
  });

  it('names long waits by event and service', () => {
    const reservation = { ...records().reservation, created_at: at(32_000), updated_at: at(32_000) } as JoinedRecords['reservation'];
    const transitions = history(placed(), awaited(32_020), confirmed(39_000));
    assert.match(
      summary({ ...(reservation && { reservation }), transitions }),
      /order\.created waited 32\.0 s until inventory had acted on it; payment\.processed waited 39\.0 s until orders had acted on it: a service or the broker was away or busy meanwhile\./,
    );
  });

  it('says that several attempts made one charge, and that several charges are wrong', () => {
    const { provider } = records();
    const [charge] = provider.charges;
    assert.ok(charge);
    const again = { charges: [{ ...charge, calls: 3 }], refunds: [] };
    assert.match(summary({ provider: again }), /The charge took 3 attempts under one key, so that it was made once\./);
    const twice = { charges: [charge, { ...charge, idempotency_key: refund_id }], refunds: [] };
    const explanation = explanationOf(records({ provider: twice }));
    assert.match(
      explanation.summary,
      /The provider's record has 2 charges for it\. The provider's record says 519\.80 EUR charged, payments says 259\.90 EUR\./,
    );
    assert.equal(explanation.steps.filter(({ is_problem }) => is_problem).length, 1);
  });

  it('says what an order waits for and until when, and what the payment is', () => {
    const { payment } = records();
    assert.ok(payment);
    const waiting = {
      status: 'awaiting_payment' as const,
      order: { ...records().order, status: 'awaiting_payment' as const, deadline_at: at(600_000), updated_at: at(20) },
      transitions: history(placed(), awaited(20)),
      payment: { ...payment, status: 'unknown' as const, captured: 0, due_at: at(90_000), attempts: 4 },
      transfers: [],
      provider: { charges: [], refunds: [] },
      read_ms: 80_020,
    };
    const text = summary(waiting);
    assert.match(text, /The payment of 259\.90 EUR may have been charged or not; the provider is asked again at 2026-11-30 08:01:30 UTC\./);
    assert.match(text, /It waits for its payment since 1 min; on 2026-11-30 08:10:00 UTC it would be cancelled\./);
    assert.match(text, /The charge took 4 attempts under one key, and the provider's record has none\./);
  });

  it('tells a late refund, a pending one, and one without the provider', () => {
    const transitions = history(placed(), awaited(20), [1_000, { from: 'awaiting_payment', to: 'cancelled', cause: 'deadline_passed' }]);
    const refund = {
      id: refund_id,
      kind: 'cancellation' as const,
      amount: 25_990,
      currency: 'EUR',
      reason: 'payment_timeout',
      status: 'done' as const,
      failure_code: null,
      retried_as: null,
      attempts: 1,
      due_at: null,
      created_at: at(3_000),
      updated_at: at(3_200),
    };
    const { payment } = records();
    assert.ok(payment);
    const late = {
      order: { ...records().order, status: 'cancelled' as const, cancel_reason: 'payment_timeout' as const },
      transitions,
      refunds: [refund],
      payment: { ...payment, refunded: 25_990 },
      transfers: [
        { refund_id: null, amount: 25_990, currency: 'EUR', at: at(3_000) },
        { refund_id, amount: 25_990, currency: 'EUR', at: at(3_200) },
      ],
    };
    const text = summary(late);
    assert.match(
      text,
      /It was cancelled after 1\.0 s, because its payment was not known in time\. 259\.90 EUR went back because the money came after/,
    );
    assert.match(text, /The provider's record says 0\.00 EUR given back, payments says 259\.90 EUR\./);
    assert.equal(explanationOf(records(late)).steps.at(-1)?.is_problem, true, 'booked, and the provider gave nothing');
    const pending = {
      ...late,
      refunds: [{ ...refund, status: 'pending' as const, attempts: 2, due_at: at(9_000) }],
      payment: { ...payment, refunding: 25_990 },
    };
    assert.match(
      summary(pending),
      /259\.90 EUR are promised back .* and have not gone yet \(2 attempts, tried again at 2026-11-30 08:00:09 UTC\)\./,
    );
  });

  it('names dead letters with their remedy, and events that wait', () => {
    const letter = {
      id: '7',
      queue: 'notifications.notify-customer',
      event_id: 'event-9',
      event_type: 'order.confirmed',
      reason: 'event_invalid',
      attempts: 8,
      died_at: at(900),
      from_service: 'notifications',
    };
    const unsent = { event_id: 'event-8', event_type: 'order.confirmed', at: at(60), from_service: 'orders' };
    const explanation = explanationOf(records({ dead_letters: [letter], unsent_events: [unsent] }));
    assert.match(
      explanation.summary,
      /is a dead letter after 8 attempts \(event_invalid\): put it back with souk dead replay notifications-7/,
    );
    assert.match(explanation.summary, /One event about it waits for the broker\./);
    const dead = explanation.steps.find(({ kind }) => kind === 'dead_letter');
    assert.equal(explanation.steps[(dead?.because_of[0]?.step ?? 0) - 1]?.kind, 'order_confirmed');
    assert.deepEqual(
      explanationOf(records({ unsent_events: [unsent], read_ms: 70 })).steps.filter(({ is_problem }) => is_problem),
      [],
    );
  });

  it('never takes a service that is away for one that knows nothing', () => {
    const { reservation: _reservation, payment: _payment, ...rest } = records();
    const away = { ...rest, movements: [], transfers: [], provider: { charges: [], refunds: [] } };
    const known = explanationOf(away).summary;
    assert.match(known, /Inventory has no reservation for it, which must not be\. Payments has no payment for it, which must not be\./);
    const text = explanationOf({ ...away, incomplete: ['inventory', 'payments'] }).summary;
    assert.ok(!text.includes('must not be'), text);
    assert.match(text, /No answer came from inventory, payments: what they know is missing here\.$/);
  });
});

describe('causal order', () => {
  const step = (key: string, at_ms: number, ...causes: string[]): StepDraft => ({
    key,
    at_ms,
    service: 'orders',
    kind: 'x',
    text: '',
    id: null,
    attempts: null,
    is_problem: false,
    because_of: causes.map((cause) => ({ key: cause, event_type: null, event_id: null })),
  });

  it('never puts an effect before its cause, whatever the clocks say, and loses no step', () => {
    for (let round = 0; round < 200; round += 1) {
      // Each step is caused by steps made before it; their times are unrelated, all of them by the round.
      const drafts = Array.from({ length: 12 }, (_, place) =>
        step(
          `${place}`,
          (place * 7_919 + round * 104_729) % 97,
          ...[(place * 31 + round) % 12, (place + round) % 12].filter((cause) => cause < place).map(String),
        ),
      );
      const ordered = causalOrder(drafts);
      const places = new Map(ordered.map(({ key }, place) => [key, place]));
      assert.equal(places.size, drafts.length);
      for (const { key, because_of } of ordered)
        for (const cause of because_of)
          assert.ok((places.get(cause.key) ?? 0) < (places.get(key) ?? 0), `round ${round}: ${key} because of ${cause.key}`);
    }
  });

  it('ends where records contradict each other in a circle, and drops causes that are not there', () => {
    const ordered = causalOrder([step('a', 2, 'b'), step('b', 1, 'a'), step('c', 3, 'gone', 'c')]);
    assert.deepEqual(
      ordered.map(({ key, because_of }) => [key, because_of.length]),
      [
        ['c', 0],
        ['b', 1],
        ['a', 1],
      ],
    );
  });
});
