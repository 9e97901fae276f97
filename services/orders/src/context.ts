/** What is handed around in this service. */
import type { Order, PlaceOrder } from '@souk/contracts';
import type { KeyedMutex } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { ServiceContext } from '@souk/service-kit';
import type { ProductLookup } from './clients/products.ts';
import type { OrdersConfig } from './config.ts';
import type { OrderOutcome } from './store/orders.ts';
import type { KeyClaim } from './store/placements.ts';

export interface PlaceCommand {
  /** The customer. */
  user_id: string;
  wanted: PlaceOrder;
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

export interface OrdersContext extends ServiceContext<OrdersConfig> {
  /** Places an order together with others. */
  readonly place: Placing;
  /** Requests with one idempotency key run one after the other, so that concurrent duplicates in one process do not conflict in the database. */
  readonly keyMutex: KeyedMutex;
  /** Requests that wait for the end of a checkout. */
  readonly waiters: OrderWaiters;
  /** Asks `products` for what the catalogue does not know. */
  readonly lookUpProduct: ProductLookup;
}
