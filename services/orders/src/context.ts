/** What is handed around in this service. */
import type { Order, PlaceOrder } from '@souk/contracts';
import type { KeyedMutex } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { OrderLinks, ServiceContext } from '@souk/service-kit';
import type { ProductLookup } from './clients/products.ts';
import type { OrdersConfig } from './config.ts';
import type { OrderRecord } from './domain/order.ts';
import type { PricingRules, StoredRules } from './domain/pricing-rules.ts';
import type { OrderOutcome } from './store/orders.ts';
import type { KeyClaim } from './store/placements.ts';

export interface PlaceCommand {
  /** The customer. */
  user_id: string;
  wanted: PlaceOrder;
  /** Whose uses of promotions are counted together: the address behind the account; absent where only the account is known. */
  customer_key?: string | undefined;
  /** Staff place it: the shop decides itself how much its customer may hold. */
  by_staff?: boolean;
  claim: KeyClaim | null;
  cause: Cause;
}

export type Placement =
  | { kind: 'placed'; order: Order }
  /** An order was placed under this idempotency key before. */
  | { kind: 'replayed'; order_id: string }
  /** These products are not in the catalogue copy; nothing is written. */
  | { kind: 'unknown_products'; product_ids: string[] };

/** Joins the current group. Rejects with the refusal of this order. */
export type Placing = (command: PlaceCommand) => Promise<Placement>;
export interface OrderWaiters {
  /** The outcome, or undefined when `wait_ms` have passed, the client has gone, the service stops, or too many wait. */
  wait(order_id: string, wait_ms: number, signal: AbortSignal): Promise<OrderOutcome | undefined>;
  /** Decisions just committed in this process. */
  decided(outcomes: readonly OrderOutcome[]): void;
}

/** Joins the reads of other requests in one statement that begins after all of them; undefined where there is no such order. */
export type OrderRead = (order_id: string) => Promise<OrderRecord | undefined>;
export interface RulesMemory {
  /** The rules in memory where they are of this version, else those that are read now. */
  of(version: number, read: () => Promise<StoredRules>): Promise<PricingRules>;
  /** Codes of countries by code and by name, as they are and in the form of `nameKey`. */
  country_codes(): ReadonlyMap<string, string>;
}

export interface OrdersContext extends ServiceContext<OrdersConfig> {
  /** Places an order together with others. */
  readonly place: Placing;
  readonly readOrder: OrderRead;
  /** Requests with one idempotency key run one after the other, so that concurrent duplicates in one process do not conflict in the database. */
  readonly keyMutex: KeyedMutex;
  /** Makes and opens the links to single orders. */
  readonly order_links: OrderLinks;
  /** Requests that wait for the end of a checkout. */
  readonly waiters: OrderWaiters;
  /** What prices are made by. */
  readonly rules: RulesMemory;
  /** Asks `products` for what the catalogue does not know. */
  readonly lookUpProduct: ProductLookup;
}
