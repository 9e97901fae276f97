/** What the pages of buying are drawn from: cart, checkout, order, receipt. */
import type { LinkedOrder, Order, OrderTransition, Quote, Receipt, Return } from '@souk/contracts';
import type { FrameView, ShownProduct } from './views.ts';

/** How a total comes about. Discounts are there where an order has them. */
export interface SumsView {
  readonly items_total: number;
  readonly discount_total?: number | undefined;
  readonly shipping_total: number;
  readonly shipping_method?: { readonly name: string } | null;
  readonly tax_total: number;
  readonly tax_included: boolean;
  readonly tax_lines: readonly { readonly name: string; readonly rate_percent: number; readonly amount: number }[];
  readonly total: number;
  readonly currency: string;
}

export interface CartLineView {
  readonly product_id: string;
  readonly quantity: number;
  /** Undefined where there is no such product, or products does not answer. */
  readonly product: ShownProduct | undefined;
  /** Pieces as inventory has counted them; undefined where it does not answer. */
  readonly pieces: number | undefined;
  /** What the line costs; undefined without a quote. */
  readonly line_total: number | undefined;
}

/** What a page of the cart says first. */
export type CartNotice = 'unreadable' | 'cart_full' | 'line_full' | 'quantity_invalid' | 'ordered' | 'again' | 'elsewhere';

/** What the products of a cart cost, or why that is not known. */
export type CartTotal = Pick<Quote, 'items_total' | 'currency'> | 'away' | 'currencies' | 'unsellable' | 'too_large';

export interface CartView {
  readonly frame: FrameView;
  readonly lines: readonly CartLineView[];
  readonly total: CartTotal;
  readonly notice: CartNotice | undefined;
}

/** What is typed at the checkout, as text. */
export const checkoutFieldNames = [
  'email',
  'full_name',
  'street',
  'street2',
  'city',
  'state',
  'postal_code',
  'country',
  'phone',
  'shipping_method',
  'payment_method',
] as const;
export type CheckoutField = (typeof checkoutFieldNames)[number];
export type CheckoutFields = Readonly<Record<CheckoutField, string>>;
export type FieldFault =
  | 'missing'
  | 'too_long'
  | 'invalid'
  | 'country_unknown'
  | 'address_incomplete'
  | 'shipping_unavailable'
  | 'guest_other';

/** What kept an order from being taken, beside what is said at fields. */
export type CheckoutNotice =
  | 'total_changed'
  | 'cart_changed'
  | 'unsellable'
  | 'currencies'
  | 'too_large'
  | 'too_many_open'
  | 'away'
  | 'no_total'
  | 'unconfirmed'
  | 'too_many'
  | 'signed_out'
  | 'payment_declined'
  | 'out_of_stock'
  | 'refused';

export interface CheckoutView {
  readonly frame: FrameView;
  /** Names the cart that the page shows, so that no other is ordered by it. */
  readonly cart_key: string;
  /** E-mail address or name of who is signed in; undefined: a guest, who gives an address. */
  readonly customer: string | undefined;
  readonly fields: CheckoutFields;
  readonly faults: Readonly<Partial<Record<CheckoutField, FieldFault>>>;
  readonly notice: CheckoutNotice | undefined;
  /** Undefined: what it costs is not known yet. */
  readonly quote: Quote | undefined;
  /** Shown where there is no quote. */
  readonly lines: readonly CartLineView[];
}

export type ShownOrder = Pick<
  Order,
  | 'id'
  | 'order_number'
  | 'status'
  | 'items'
  | 'total_amount'
  | 'currency'
  | 'totals'
  | 'cancel_reason'
  | 'carrier'
  | 'tracking_number'
  | 'delivery'
  | 'parcels'
  | 'created_at'
> & {
  readonly shipping_address?: Order['shipping_address'];
  readonly town?: LinkedOrder['town'];
};

export type ShownReturn = Pick<Return, 'id' | 'number' | 'state' | 'items' | 'refund' | 'currency' | 'created_at'>;

/** What a page of an order says first. */
export type OrderNotice = 'placed' | 'found' | 'cancelled' | 'not_cancellable' | 'unchanged' | 'return_requested' | 'return_found';

export interface OrderView {
  readonly frame: FrameView;
  readonly order: ShownOrder;
  /** Undefined where only a link is there, or it could not be read. */
  readonly history: readonly OrderTransition[] | undefined;
  /** Where the customer finishes the payment. */
  readonly action: { readonly url: string; readonly until: string } | undefined;
  /** What the payment says of money; undefined where it is not known. */
  readonly money: { readonly captured: number; readonly refunded: number } | undefined;
  /** Newest first; undefined where they could not be read. */
  readonly returns: readonly ShownReturn[] | undefined;
  /** It is longer than usual that nothing has happened. */
  readonly late: boolean;
  /** Opened by a session, which has a receipt, or by a mailed link. */
  readonly opened_by: 'session' | 'link';
  readonly notice: OrderNotice | undefined;
}

/** Why a return was not announced. */
export type ReturnNotice = 'nothing' | 'too_many' | 'away';

export interface ReturnView {
  readonly frame: FrameView;
  readonly order: ShownOrder;
  readonly returns: readonly ShownReturn[];
  /** Under which it is announced: once, however often the form is sent. */
  readonly form_key: string;
  /** What was typed, by product. */
  readonly typed: ReadonlyMap<string, { readonly quantity: string; readonly reason: string }>;
  readonly notice: ReturnNotice | undefined;
}

export interface ReceiptView {
  readonly frame: FrameView;
  readonly receipt: Receipt;
}

export interface TrackView {
  readonly frame: FrameView;
  readonly fields: { readonly order_number: string; readonly email: string };
  readonly faults: { readonly order_number?: FieldFault; readonly email?: FieldFault };
  /** Said alike whether or not there is such an order. */
  readonly sent: boolean;
  readonly notice: 'away' | 'too_many' | 'link_invalid' | undefined;
}
