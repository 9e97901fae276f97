/** The inventory service: what is known of one order, and the stock that all orders share. */
import type { ReservationStatus } from '@souk/inventory/domain/reservation';
import type { Stock } from '@souk/inventory/domain/stock';
import type { Decisions } from '../decisions.ts';
import type { EventName } from './messages.ts';
import { attempt, type Outcome } from './participant.ts';

/** Balances beside the sums of the ledger. */
export interface SharedStock {
  /** Whether the product's creation has been received. */
  known: boolean;
  on_hand: number;
  reserved: number;
  ledger_on_hand: number;
  ledger_reserved: number;
}

export interface InventoryState {
  /** Null: nothing is known of the order. */
  reservation: ReservationStatus | null;
  stock: SharedStock;
}

const product_id = '01900000-0000-7000-8000-0000000000aa';
const order_id = '01900000-0000-7000-8000-000000000001';
const order = { order_id, items: [{ product_id, quantity: 1 }] };

export function openedStock(pieces: number): SharedStock {
  return { known: true, on_hand: pieces, reserved: 0, ledger_on_hand: pieces, ledger_reserved: 0 };
}

export const unknownStock: SharedStock = { known: false, on_hand: 0, reserved: 0, ledger_on_hand: 0, ledger_reserved: 0 };

/** What inventory makes of a message; each order is about one piece of the one product. */
export function receiveOrder(decisions: Decisions, state: InventoryState, event: EventName): Outcome<InventoryState>[] {
  const says = `inventory receives ${event}`;
  return attempt(says, state, () => {
    if (event === 'order.created') return reserve(decisions, state, says);
    return event === 'order.cancelled' ? [release(decisions, state, says)] : [ship(decisions, state, says)];
  });
}

/** As reserve-stock.ts: the claim, then the grant, then what follows from it. An order may be young (patient) or not. */
function reserve({ inventory }: Decisions, state: InventoryState, says: string): Outcome<InventoryState>[] {
  const claimed = inventory.claimedReservation(state.reservation ?? undefined, 'held');
  if (claimed === undefined) return [unchanged(state, `${says} and knows the order (${state.reservation})`)];
  const rows = state.stock.known ? new Map([[product_id, rowOf(state.stock)]]) : new Map<string, Stock>();
  return [true, false].map((patient): Outcome<InventoryState> => {
    const [grant] = inventory.grantOrders(rows, [{ ...order, patient }]);
    switch (grant?.kind) {
      case 'reserved':
        return moved(inventory, { ...state, reservation: claimed }, 'reserved', `${says} and reserves a piece`, ['inventory.reserved']);
      case 'rejected':
        return { ...unchanged({ ...state, reservation: 'rejected' }, `${says} and rejects it`), publishes: ['inventory.rejected'] };
      default:
        return { ...unchanged(state, `${says}; the product is not known yet`), fails: 'passing' };
    }
  });
}

/** As release-stock.ts: the tombstone, then what is held. */
function release({ inventory }: Decisions, state: InventoryState, says: string): Outcome<InventoryState> {
  const buried = inventory.claimedReservation(state.reservation ?? undefined, 'tombstone');
  if (buried !== undefined) return unchanged({ ...state, reservation: buried }, `${says} first and leaves a tombstone`);
  if (state.reservation === null) return unchanged(state, `${says} and knows nothing of the order`);
  const step = inventory.decideRelease(state.reservation);
  if (step === 'contradiction') return { ...unchanged(state, says), breaks: `${says} for an order that is ${state.reservation}` };
  if (step !== 'release') return unchanged(state, `${says}; the order is ${state.reservation}`);
  return moved(inventory, { ...state, reservation: 'released' }, 'released', `${says} and releases the piece`, []);
}

/** As ship-stock.ts. */
function ship({ inventory }: Decisions, state: InventoryState, says: string): Outcome<InventoryState> {
  if (state.reservation === null) return { ...unchanged(state, `${says}; nothing is held yet`), fails: 'passing' };
  const step = inventory.decideShipment(state.reservation);
  if (step === 'contradiction') return { ...unchanged(state, says), breaks: `${says} for an order that is ${state.reservation}` };
  if (step !== 'ship') return unchanged(state, `${says}; the order is ${state.reservation}`);
  return moved(inventory, { ...state, reservation: 'shipped' }, 'shipped', `${says} and takes the piece out of stock`, []);
}

/** As save-movements.ts: the movements and the balances they change, both or neither. */
function moved(
  inventory: Decisions['inventory'],
  state: InventoryState,
  kind: 'reserved' | 'released' | 'shipped',
  says: string,
  publishes: EventName[],
): Outcome<InventoryState> {
  const movements = inventory.orderMovements(order, kind, null, 'system');
  const [row] = inventory.applyMovements(new Map([[product_id, rowOf(state.stock)]]), movements);
  const sum = (changes: number[]): number => changes.reduce((total, change) => total + change, 0);
  const stock: SharedStock = {
    known: true,
    on_hand: row?.on_hand ?? state.stock.on_hand,
    reserved: row?.reserved ?? state.stock.reserved,
    ledger_on_hand: state.stock.ledger_on_hand + sum(movements.map(({ on_hand_change }) => on_hand_change)),
    ledger_reserved: state.stock.ledger_reserved + sum(movements.map(({ reserved_change }) => reserved_change)),
  };
  return { says, state: { ...state, stock }, publishes, fair: true };
}

function unchanged(state: InventoryState, says: string): Outcome<InventoryState> {
  return { says, state, publishes: [], fair: true };
}

/** Versions and times are of no weight here. */
function rowOf({ on_hand, reserved }: SharedStock): Stock {
  const announced = { stock_version: 1, opened: true, published_version: 1, published_available: 0, change_reason: 'several' };
  return { product_id, on_hand, reserved, ...announced, updated_at: '' };
}
