/** What the stories of traces share: a receiver, and a look at the edges of a trace. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { until } from '@souk/platform/testing';
import { startTraceReceiver, type TraceReceiver, type TraceSpan, treeText } from '@souk/trace-receiver';

export interface TracedOrder {
  trace_id: string;
  /** For the request that begins it. */
  headers: Record<string, string>;
}

/** A trace that begins with the client, so that it is known which one it is. */
export function aTracedOrder(): TracedOrder {
  const trace_id = randomBytes(16).toString('hex');
  return { trace_id, headers: { traceparent: `00-${trace_id}-${randomBytes(8).toString('hex')}-01` } };
}

export interface Traces extends TraceReceiver {
  /** Waits until the trace has exactly these edges; fails with those that are missing or too many, and with the tree. */
  hasEdges(traced: TracedOrder, edges: readonly string[]): Promise<readonly TraceSpan[]>;
}

export async function openTraces(): Promise<Traces> {
  const receiver = await startTraceReceiver({ port: 0 });
  return {
    ...receiver,
    async hasEdges({ trace_id }, edges) {
      const wanted = new Set(edges);
      await until(() => {
        const found = edgesOf(receiver.trace(trace_id));
        const missing = [...wanted].filter((edge) => !found.has(edge));
        const strange = [...found].filter((edge) => !wanted.has(edge));
        if (missing.length + strange.length === 0) return undefined;
        return `missing: ${missing.join('; ') || 'none'}\nnot expected: ${strange.join('; ') || 'none'}\n${treeText(receiver.trace(trace_id))}`;
      }, 40_000);
      const spans = receiver.trace(trace_id);
      const [root, ...others] = spans.filter((span) => !spans.some((other) => other.span_id === span.parent_id));
      assert.deepEqual(others, [], 'everything hangs together');
      assert.equal(root?.service, 'gateway');
      return spans;
    },
  };
}

/** `orders publish order.created → inventory process inventory.reserve-stock`, for each span and what it hangs below. */
function edgesOf(spans: readonly TraceSpan[]): Set<string> {
  const byId = new Map(spans.map((span) => [span.span_id, span]));
  return new Set(
    spans.flatMap((span) => {
      const parent = byId.get(span.parent_id ?? '');
      return parent === undefined ? [] : [`${nameOf(parent)} → ${nameOf(span)}`];
    }),
  );
}

/** A request is seen from both its ends. */
function nameOf({ service, kind, name }: TraceSpan): string {
  return kind === 'client' && / \//.test(name) ? `${service} asks ${name}` : `${service} ${name}`;
}

/** The edges of a chain of spans. */
export function chain(...names: string[]): string[] {
  return names.slice(1).map((name, index) => `${names[index]} → ${name}`);
}

/** From the client's request to the service that answers it. */
export function request(name: string, service: string): string[] {
  return chain(`gateway ${name}`, `gateway asks ${name}`, `${service} ${name}`);
}
