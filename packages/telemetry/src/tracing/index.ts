export { spanAnswered, startAttemptSpan } from './attempt-span.ts';
export { type JoinedSpans, joined, startJoined } from './joined-spans.ts';
export { carriedSpan, failureOf, type Span, type SpanAttributes, type SpanStart, silentTracer, type Tracer, traced } from './tracer.ts';
