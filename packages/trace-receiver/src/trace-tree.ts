/** A trace as people read it: what happened within what, when it began and how long it took. */
import type { TraceSpan } from './read-spans.ts';

export interface SpanNode {
  span: TraceSpan;
  /** In order of their beginning. */
  children: SpanNode[];
}

/** The trees of one trace: one, unless spans are missing or are still to come. */
export function treesOf(spans: readonly TraceSpan[]): SpanNode[] {
  const nodes = new Map(spans.map((span): [string, SpanNode] => [span.span_id, { span, children: [] }]));
  const roots: SpanNode[] = [];
  const inOrder = [...nodes.values()].sort((one, other) => one.span.started_ms - other.span.started_ms);
  for (const node of inOrder) (nodes.get(node.span.parent_id ?? '')?.children ?? roots).push(node);
  return roots;
}

const shownMs = 9;

/** The trees of one trace as lines: begin and duration in milliseconds, service, span with what is worth knowing of it. */
export function treeText(spans: readonly TraceSpan[]): string {
  const roots = treesOf(spans);
  const [first] = roots;
  if (first === undefined) return '';
  const began_ms = Math.min(...spans.map((span) => span.started_ms));
  const ended_ms = Math.max(...spans.map((span) => span.started_ms + span.duration_ms));
  const services = new Set(spans.map((span) => span.service));
  const width = Math.max(...[...services].map((service) => service.length));
  const lines: string[] = [];
  const add = ({ span, children }: SpanNode, depth: number, stem: string): void => {
    const times = `${milliseconds(span.started_ms - began_ms)} ${milliseconds(span.duration_ms)} ms`;
    lines.push(`${times}  ${span.service.padEnd(width)}  ${stem}${span.name}${remarks(span, depth)}`);
    const below = depth === 0 ? '' : stem.replace(/├─ $/, '│  ').replace(/└─ $/, '   ');
    for (const child of children) add(child, depth + 1, `${below}${child === children.at(-1) ? '└─ ' : '├─ '}`);
  };
  for (const root of roots) add(root, 0, '');
  const seconds = milliseconds(ended_ms - began_ms).trim();
  const title = `${first.span.name}, trace ${first.span.trace_id}: ${counted(spans.length, 'span')}, ${counted(services.size, 'service')}, ${seconds} ms`;
  return `${title}\n${'begin'.padStart(shownMs)} ${'took'.padStart(shownMs)}\n${lines.join('\n')}\n`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function milliseconds(ms: number): string {
  return ms.toFixed(1).padStart(shownMs);
}

function remarks({ attributes, failed, links, parent_id }: TraceSpan, depth: number): string {
  const [status, outcome, attempt, resends] = [
    attributes['http.response.status_code'],
    attributes['souk.outcome'],
    attributes['souk.attempt'],
    attributes['http.request.resend_count'],
  ];
  const words = [
    status ?? outcome,
    typeof attempt === 'number' && attempt > 1 ? `attempt ${attempt}` : undefined,
    typeof resends === 'number' && resends > 0 ? `attempt ${resends + 1}` : undefined,
    attributes['souk.unpublished'] === true ? 'left behind before' : undefined,
    failed ? `failed: ${attributes['error.type'] ?? 'unknown'}` : undefined,
    attributes['souk.batch_size'] === undefined ? undefined : `batch of ${attributes['souk.batch_size']}, ${links.length} linked`,
    attributes['souk.batch_size'] === undefined && links.length > 0 ? `with others in ${links[0]?.trace_id}` : undefined,
    depth === 0 && parent_id !== undefined ? 'its parent is not here' : undefined,
  ].filter((word) => word !== undefined);
  return words.length === 0 ? '' : `  (${words.join(', ')})`;
}
