export { AppError } from './app-error.ts';
export { AssertionFailed, assert, required, unreachable } from './assert.ts';
export { backoffMs, mapBounded, pause } from './async.ts';
export { type BatcherOptions, createBatcher } from './batcher.ts';
export { type Clock, type ManualClock, manualClock, systemClock, timestamp } from './clock.ts';
export { derivedUuid, type IdSource, isUuid, systemIds } from './ids.ts';
export { type Log, silentLog } from './log.ts';
export { type Labels, type Metrics, type Sample, silentMetrics } from './metrics.ts';
export { amountMinorMax, currencyDecimals, decimalToMinor, isCurrency, minorToDecimal, toMajor, toMinor } from './money.ts';
