export { type AuditOptions, audit, reportLines } from './audit.ts';
export * from './facts.ts';
export { createFactReader, type FactReader, type FactReaderOptions } from './read-facts.ts';
export { checkMessaging, checkNotification, checkOrder, checkProduct, checkStock, type OrderFacts } from './rules.ts';
