/** When a trace is worth printing: once nothing more of it has come for a while, and again, whole, when it goes on. */
import { type TraceReceiver, type TraceSpan, treesOf, treeText } from '@souk/trace-receiver';

export interface TraceWatch {
  received(spans: readonly TraceSpan[], now_ms: number): void;
  /** The trees of traces that have been quiet since then, in the order in which they last moved. */
  ended(now_ms: number, receiver: Pick<TraceReceiver, 'trace'>): string[];
}

/** Services deliver their spans once in a second. */
const quietMs = 2_500;
const watchedMax = 10_000;

export interface WatchOptions {
  /** Part of the name of the first span, such as `POST /api/orders`; empty for any. */
  only: string;
  /** Those of a single span too: batches, whose links lead to the traces they joined. */
  all: boolean;
}

export function createTraceWatch({ only, all }: WatchOptions): TraceWatch {
  const moved = new Map<string, number>();
  return {
    received(spans, now_ms) {
      for (const { trace_id } of spans) {
        moved.delete(trace_id);
        moved.set(trace_id, now_ms);
        if (moved.size > watchedMax) moved.delete(moved.keys().next().value ?? '');
      }
    },
    ended(now_ms, receiver) {
      const trees: string[] = [];
      for (const [trace_id, at_ms] of moved) {
        if (now_ms - at_ms < quietMs) break;
        moved.delete(trace_id);
        const spans = receiver.trace(trace_id);
        const first = treesOf(spans)[0]?.span.name ?? '';
        if ((all || spans.length > 1) && first.includes(only)) trees.push(treeText(spans));
      }
      return trees;
    },
  };
}
