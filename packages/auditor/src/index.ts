export { type AuditOptions, audit, reportLines } from './audit.ts';
export * from './audit-records.ts';
export { createRecordReader, type RecordReader, type RecordReaderOptions } from './read-records.ts';
export { checkNotification } from './rules/check-messages.ts';
export { checkMessaging } from './rules/check-messaging.ts';
export { checkOrder } from './rules/check-order.ts';
export { checkProduct, type ProductRecords } from './rules/check-product.ts';
export { checkStock } from './rules/check-stock.ts';
export type { OrderRecords } from './rules/order-records.ts';
