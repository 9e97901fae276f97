/** Explains one order from what the services durably know: its steps in causal order, and one paragraph. */
import type { ExplanationStep, OrderExplanation } from '@souk/contracts';
import { isTraceparent, timestamp, traceIdOf } from '@souk/kernel';
import { causalOrder, type StepDraft } from './causal-order.ts';
import { historySteps, stockSteps } from './checkout-steps.ts';
import type { JoinedRecords } from './joined-records.ts';
import { messageSteps } from './message-steps.ts';
import { moneySteps } from './money-steps.ts';
import { summaryOf } from './order-summary.ts';

/** What no table keeps. An explanation says so instead of leaving it out. */
const notRecorded: readonly string[] = [
  'how often the broker delivered an event that was handled in the end, and when each attempt failed',
  'the ids of order.created events, and of events that have no consumer',
  'dead letters that were replayed or discarded since',
  'what processes were restarted: a restart shows only as a wait',
];

/** The explanation of the order; pure. */
export function explanationOf(records: JoinedRecords): OrderExplanation {
  const { order, incomplete, read_at_ms } = records;
  const drafts = causalOrder([...historySteps(records), ...stockSteps(records), ...moneySteps(records), ...messageSteps(records)]);
  const steps = numbered(drafts, Date.parse(order.created_at));
  return {
    order_id: order.id,
    order_number: order.order_number,
    status: order.status,
    correlation_id: order.correlation_id,
    trace_id: order.traceparent !== null && isTraceparent(order.traceparent) ? traceIdOf(order.traceparent) : null,
    read_at: timestamp(read_at_ms),
    summary: summaryOf(records, steps),
    steps,
    incomplete: [...incomplete],
    not_recorded: [...notRecorded],
  };
}

function numbered(drafts: readonly StepDraft[], placed_ms: number): ExplanationStep[] {
  const places = new Map(drafts.map(({ key, at_ms }, place) => [key, { step: place + 1, at_ms }]));
  return drafts.map(({ key: _key, follows: _follows, at_ms, because_of, ...step }, place) => ({
    number: place + 1,
    at: timestamp(at_ms),
    after_ms: at_ms - placed_ms,
    ...step,
    because_of: because_of.flatMap(({ key, event_type, event_id }) => {
      const cause = places.get(key);
      // The clocks of two machines differ: nothing waits a negative time.
      return cause ? [{ step: cause.step, event_type, event_id, waited_ms: Math.max(0, at_ms - cause.at_ms) }] : [];
    }),
  }));
}
