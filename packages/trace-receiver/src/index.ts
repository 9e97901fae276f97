export { readSpans, type SpanKindName, type TraceSpan } from './read-spans.ts';
export { startTraceReceiver, type TraceReceiver, type TraceReceiverOptions } from './receiver.ts';
export { type SpanNode, treesOf, treeText } from './trace-tree.ts';
