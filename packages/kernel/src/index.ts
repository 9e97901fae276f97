export { AppError } from './app-error.ts';
export { AssertionFailed, assert, required, unreachable } from './assert.ts';
export { backoffMs, mapBounded, pause } from './async.ts';
export { type BatcherOptions, createBatcher } from './batcher.ts';
export { type Clock, elapsedSeconds, type ManualClock, manualClock, systemClock, timestamp } from './clock.ts';
export { derivedUuid, type IdSource, isUuid, systemIds } from './ids.ts';
export { type JoinedSpans, type JoinedWork, joined, startJoined } from './joined-spans.ts';
export { type Log, silentLog, writesInfo } from './log.ts';
export { type Labels, type Metrics, type Sample, silentMetrics } from './metrics.ts';
export { amountMinorMax, currencyDecimals, decimalToMinor, isCurrency, minorToDecimal, toMajor, toMinor } from './money.ts';
export { createSampled, type Sampled, type SampledOptions } from './sampled.ts';
export { beginningOf } from './text.ts';
export { isSampled, isTraceparent, spanIdOf, traceIdOf, unsampledTraceparent } from './trace-context.ts';
export {
  carriedSpan,
  failureOf,
  type Span,
  type SpanAttributes,
  type SpanKind,
  type SpanStart,
  silentTracer,
  type Tracer,
  traced,
} from './tracer.ts';
