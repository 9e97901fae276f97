/** All screens, in the order of the navigation. Each is loaded when it is first opened. */
import type { FunctionComponent } from 'preact';
import type { Place } from './router.ts';

export type ScreenName =
  | 'today'
  | 'orders'
  | 'products'
  | 'stock'
  | 'customers'
  | 'payments'
  | 'messages'
  | 'returns'
  | 'promotions'
  | 'imports'
  | 'queues'
  | 'dead-letters'
  | 'books'
  | 'drills'
  | 'taxes'
  | 'shipping'
  | 'quotes'
  | 'staff'
  | 'activity'
  | 'webhooks'
  | 'api-keys';
export type ScreenGroup = 'first' | 'shop' | 'operations' | 'settings' | 'programs';

export type Screen = FunctionComponent<{ place: Place }>;

export interface ScreenEntry {
  readonly name: ScreenName;
  /** In the address; the first screen has none. */
  readonly path: string;
  readonly group: ScreenGroup;
  load(): Promise<Screen>;
}

export const screens: readonly ScreenEntry[] = [
  { name: 'today', path: '', group: 'first', load: async () => (await import('./screens/today/today.tsx')).Today },
  { name: 'orders', path: 'orders', group: 'shop', load: async () => (await import('./screens/orders/orders.tsx')).Orders },
  { name: 'returns', path: 'returns', group: 'shop', load: async () => (await import('./screens/returns/returns.tsx')).Returns },
  { name: 'products', path: 'products', group: 'shop', load: async () => (await import('./screens/products/products.tsx')).Products },
  { name: 'imports', path: 'imports', group: 'shop', load: async () => (await import('./screens/imports/imports.tsx')).Imports },
  { name: 'stock', path: 'stock', group: 'shop', load: async () => (await import('./screens/stock/stock.tsx')).StockScreen },
  {
    name: 'promotions',
    path: 'promotions',
    group: 'shop',
    load: async () => (await import('./screens/promotions/promotions.tsx')).Promotions,
  },
  { name: 'customers', path: 'customers', group: 'shop', load: async () => (await import('./screens/customers/customers.tsx')).Customers },
  { name: 'payments', path: 'payments', group: 'shop', load: async () => (await import('./screens/payments/payments.tsx')).Payments },
  { name: 'messages', path: 'messages', group: 'shop', load: async () => (await import('./screens/messages/messages.tsx')).Messages },
  { name: 'queues', path: 'queues', group: 'operations', load: async () => (await import('./screens/queues/queues.tsx')).Queues },
  {
    name: 'dead-letters',
    path: 'dead-letters',
    group: 'operations',
    load: async () => (await import('./screens/dead-letters/dead-letters.tsx')).DeadLetters,
  },
  { name: 'books', path: 'books', group: 'operations', load: async () => (await import('./screens/books/books.tsx')).Books },
  { name: 'drills', path: 'drills', group: 'operations', load: async () => (await import('./screens/drills/drills.tsx')).DrillsScreen },
  { name: 'taxes', path: 'taxes', group: 'settings', load: async () => (await import('./screens/taxes/taxes.tsx')).Taxes },
  { name: 'shipping', path: 'shipping', group: 'settings', load: async () => (await import('./screens/shipping/shipping.tsx')).Shipping },
  { name: 'quotes', path: 'quotes', group: 'settings', load: async () => (await import('./screens/quotes/quotes.tsx')).Quotes },
  { name: 'staff', path: 'staff', group: 'settings', load: async () => (await import('./screens/staff/staff.tsx')).Staff },
  { name: 'activity', path: 'activity', group: 'settings', load: async () => (await import('./screens/activity/activity.tsx')).Activity },
  { name: 'webhooks', path: 'webhooks', group: 'programs', load: async () => (await import('./screens/webhooks/webhooks.tsx')).Webhooks },
  { name: 'api-keys', path: 'api-keys', group: 'programs', load: async () => (await import('./screens/api-keys/api-keys.tsx')).ApiKeys },
];

export function screenAt(path: string): ScreenEntry | undefined {
  return screens.find((screen) => screen.path === path);
}
