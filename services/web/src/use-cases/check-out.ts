/** From a cart to its order: a guest first gets an account, then the order is placed under the key of the cart. Nothing of it happens twice. */
import { openGuest, type PlaceOrder, placeOrder, type TokenPair } from '@souk/contracts';
import { AppError, isConnectFailure } from '@souk/kernel';
import type { RouteRequest } from '@souk/service-kit';
import type { CheckoutField, CheckoutNotice, FieldFault } from '@souk/storefront';
import type { WebContext } from '../context.ts';
import { type Cart, orderKeyOf } from '../domain/cart.ts';
import { openParts, type Parts } from './load-parts.ts';

export interface CheckoutQuestion {
  cart: Cart;
  order: PlaceOrder;
  /** Undefined: who is signed in orders. */
  guest: { email: string; full_name: string } | undefined;
  request: Pick<RouteRequest, 'client_address' | 'cause' | 'signal'>;
  parts: Parts;
}

export type CheckoutOutcome =
  | { kind: 'ordered'; order_id: string; is_found: boolean }
  /** Its payment was declined or it was sold out while the customer waited: it has ended, and the cart may be ordered anew. */
  | { kind: 'ended'; notice: 'payment_declined' | 'out_of_stock' }
  | { kind: 'refused'; notice: CheckoutNotice; status: number }
  | { kind: 'fault'; field: CheckoutField; fault: FieldFault };

export interface CheckedOut {
  outcome: CheckoutOutcome;
  /** Of the guest that was opened: from now on the browser has its session. */
  tokens: TokenPair | undefined;
}

/** So long the end of the payment is waited for: a declined card is then said where another can be chosen. */
const waitS = 4;

export async function checkOut(context: WebContext, question: CheckoutQuestion): Promise<CheckedOut> {
  const { guest, cart } = question;
  if (guest === undefined) return { outcome: await place(question.parts, question), tokens: undefined };
  let tokens: TokenPair;
  try {
    // The guest of this cart: a form that is sent twice, or whose answer was lost, opens no second one.
    tokens = (await question.parts.write(openGuest, { body: guest, headers: { 'idempotency-key': cart.id } })).body;
  } catch (error) {
    return { outcome: guestRefused(error), tokens: undefined };
  }
  const caller = await context.verifier.verify(tokens.access_token);
  const { client_address, cause, signal } = question.request;
  const parts = openParts(context, { client_address, cause, signal, caller, authorization: `Bearer ${tokens.access_token}` });
  return { outcome: await place(parts, question), tokens };
}

async function place({ write }: Parts, { cart, order }: CheckoutQuestion): Promise<CheckoutOutcome> {
  try {
    const headers = { 'idempotency-key': orderKeyOf(cart), prefer: `wait=${waitS}` };
    const { body, headers: answered } = await write(placeOrder, { body: order, headers });
    const { id: order_id, status, cancel_reason } = body;
    if (status === 'cancelled' && (cancel_reason === 'payment_declined' || cancel_reason === 'out_of_stock'))
      return { kind: 'ended', notice: cancel_reason };
    return { kind: 'ordered', order_id, is_found: answered['idempotency-replayed'] === 'true' };
  } catch (error) {
    return orderRefused(error);
  }
}

function guestRefused(error: unknown): CheckoutOutcome {
  const code = error instanceof AppError ? error.code : undefined;
  if (code === 'idempotency_key_reused') return { kind: 'fault', field: 'email', fault: 'guest_other' };
  if (code === 'validation_failed') return { kind: 'fault', field: 'email', fault: 'invalid' };
  if (code === 'rate_limited') return { kind: 'refused', notice: 'too_many', status: 429 };
  // Nothing was ordered, whatever became of the guest.
  if (code !== undefined) return { kind: 'refused', notice: 'away', status: 503 };
  throw error;
}

const atFields: Readonly<Record<string, { field: CheckoutField; fault: FieldFault }>> = {
  country_unknown: { field: 'country', fault: 'country_unknown' },
  address_incomplete: { field: 'postal_code', fault: 'address_incomplete' },
  shipping_unavailable: { field: 'shipping_method', fault: 'shipping_unavailable' },
};
const asNotices: Readonly<Record<string, { notice: CheckoutNotice; status: number }>> = {
  total_changed: { notice: 'total_changed', status: 409 },
  product_unknown: { notice: 'unsellable', status: 422 },
  currency_mismatch: { notice: 'currencies', status: 422 },
  total_too_large: { notice: 'too_large', status: 422 },
  too_many_open_orders: { notice: 'too_many_open', status: 429 },
  too_many_open_pieces: { notice: 'too_many_open', status: 429 },
  rate_limited: { notice: 'too_many', status: 429 },
  token_invalid: { notice: 'signed_out', status: 401 },
  overloaded: { notice: 'away', status: 503 },
};

function orderRefused(error: unknown): CheckoutOutcome {
  if (!(error instanceof AppError)) throw error;
  const { code, details } = error;
  const order_id = (details['current'] as { order_id?: unknown } | undefined)?.order_id;
  // The first answer was lost, and the form was filled in another way since: that order is the one of this cart.
  if (code === 'idempotency_key_reused' && typeof order_id === 'string') return { kind: 'ordered', order_id, is_found: true };
  const field = atFields[code];
  if (field !== undefined) return { kind: 'fault', ...field };
  const notice = asNotices[code];
  if (notice !== undefined) return { kind: 'refused', ...notice };
  if (code !== 'service_unavailable') return { kind: 'refused', notice: 'refused', status: 400 };
  // Where no connection came about nothing was sent; a lost answer may have been one to an order.
  const wasSent = error.cause !== undefined && !isConnectFailure(error);
  return { kind: 'refused', notice: wasSent ? 'unconfirmed' : 'away', status: 503 };
}
