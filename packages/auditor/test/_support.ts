import type {
  AuditRecord,
  CancellationRecord,
  CatalogueRecord,
  DeliveriesRecord,
  MessagingRecord,
  NotificationRecord,
  OrderMessagesRecord,
  OrderRecord,
  PaymentRecord,
  ProductRecord,
  PromotionRecord,
  ProviderRecord,
  RecordKind,
  RecordReader,
  ReservationRecord,
  StockRecord,
} from '@souk/auditor';
import { dataServices } from '@souk/contracts';
import {
  aCatalogueEntry,
  aCharge,
  aDelivery,
  aMessaging,
  aNotification,
  anOrder,
  aPayment,
  aProduct,
  aPromotion,
  aReservation,
  aStock,
  orderMessages,
} from './_records.ts';

export * from './_records.ts';

/** What the services would serve. `messaging` is by service. */
export interface Shop {
  orders: OrderRecord[];
  reservations: ReservationRecord[];
  payments: PaymentRecord[];
  cancellations: CancellationRecord[];
  catalogue: CatalogueRecord[];
  provider: ProviderRecord[];
  stock: StockRecord[];
  products: ProductRecord[];
  order_messages: OrderMessagesRecord[];
  notifications: NotificationRecord[];
  deliveries: DeliveriesRecord[];
  promotions: PromotionRecord[];
  messaging: Record<string, MessagingRecord[]>;
}

/** One confirmed order of two pieces, everything in balance; parts can be replaced. */
export function aShop(parts: Partial<Shop> = {}): Shop {
  return {
    orders: [anOrder()],
    reservations: [aReservation()],
    payments: [aPayment()],
    cancellations: [],
    catalogue: [aCatalogueEntry()],
    provider: [aCharge()],
    stock: [aStock()],
    products: [aProduct()],
    order_messages: [orderMessages()],
    notifications: [aNotification()],
    deliveries: [aDelivery()],
    promotions: [aPromotion()],
    messaging: Object.fromEntries(dataServices.map((name) => [name, [aMessaging()]])),
    ...parts,
  };
}

const pageSize = 2;

/** The reader's port over records in memory, in order of key as the services serve them; `reread` is called at every second reading. */
export function readerOf(shop: Shop, reread: (key: string) => void = () => undefined): RecordReader {
  const recordsOf = (kind: RecordKind | 'messaging', service: string): AuditRecord[] =>
    kind === 'messaging' ? (shop.messaging[service] ?? []) : shop[kind];
  return {
    async *pages<F extends AuditRecord>(kind: RecordKind | 'messaging', service: string) {
      const sorted = [...recordsOf(kind, service)].sort((left, right) => (left.key < right.key ? -1 : 1)) as F[];
      for (let from = 0; from < sorted.length; from += pageSize) yield sorted.slice(from, from + pageSize);
    },
    async one<F extends AuditRecord>(kind: RecordKind, service: string, key: string) {
      if (kind === 'orders') reread(key);
      return recordsOf(kind, service).find((record) => record.key === key) as F | undefined;
    },
  };
}
