/** What clients saw: every request and its answer, in the order of the clients' own clock. Nothing of it comes from the shop's records. */

export interface Line {
  product_id: string;
  quantity: number;
}

/** An order as an answer shows it. */
export interface SeenOrder {
  id: string;
  user_id: string;
  status: string;
  version: number;
  total_amount: number;
  currency: string;
  cancel_reason: string | null;
  items: readonly { product_id: string; quantity: number; price: number }[];
  /** Absent where the total is the sum of the lines. */
  totals?: { discounts?: readonly { code: string | null; amount: number }[] };
}

export interface SeenParcel {
  id: string;
  items: readonly Line[];
}

/** A return as an answer shows it. */
export interface SeenReturn {
  id: string;
  state: string;
  items: readonly { product_id: string; quantity: number; restock: number; write_off: number }[];
  refund: { refund_id: string | null; amount: number } | null;
}

interface Asked {
  /** Place in the run: the number of the buyer, or `staff`. */
  client: string;
  /** Milliseconds of one clock that only goes forward. */
  sent_at: number;
  answered_at: number;
  /** Undefined where no answer came: whether it was done is not known. */
  status: number | undefined;
  code: string | undefined;
}

export interface OrderRequest extends Asked {
  asked: 'order';
  user_id: string;
  /** Its number in the plan: repeats of one order share it. */
  order: string;
  key: string | undefined;
  lines: readonly Line[];
  payment_method: string;
  /** The code of a promotion that was sent with it. */
  promotion_code: string | undefined;
  answer: SeenOrder | undefined;
}

export interface OrderRead extends Asked {
  asked: 'read' | 'cancel' | 'ship' | 'complete';
  order_id: string;
  answer: SeenOrder | undefined;
}

export interface ParcelRequest extends Asked {
  asked: 'parcel';
  order_id: string;
  key: string;
  answer_parcel: SeenParcel | undefined;
}

export interface ReturnRequest extends Asked {
  asked: 'return';
  order_id: string;
  key: string;
  answer_return: SeenReturn | undefined;
}

/** What staff does with a return. */
export interface ReturnStep extends Asked {
  asked: 'approve' | 'reject' | 'close' | 'receive' | 'refund_return';
  order_id: string;
  return_id: string;
  answer_return: SeenReturn | undefined;
}

export interface RefundRequest extends Asked {
  asked: 'refund';
  order_id: string;
  payment_id: string;
  key: string;
  /** Minor units. */
  amount: number;
}

export interface Adjustment extends Asked {
  asked: 'adjust';
  product_id: string;
  key: string;
  quantity_change: number;
}

export interface Removal extends Asked {
  asked: 'archive' | 'erase';
  id: string;
}

export type Exchange = OrderRequest | OrderRead | ParcelRequest | ReturnRequest | ReturnStep | RefundRequest | Adjustment | Removal;

export interface History {
  readonly exchanges: readonly Exchange[];
  add(exchange: Exchange): void;
  /** Orders that were acknowledged, in the order of their answers. */
  readonly acknowledged: readonly SeenOrder[];
  /** Ids of orders of which something was sent. */
  readonly sent: readonly string[];
}

export function createHistory(): History {
  const exchanges: Exchange[] = [];
  const acknowledged: SeenOrder[] = [];
  const known = new Set<string>();
  const sent = new Set<string>();
  return {
    exchanges,
    acknowledged,
    get sent() {
      return [...sent];
    },
    add(exchange) {
      exchanges.push(exchange);
      if ((exchange.asked === 'parcel' && exchange.answer_parcel) || (exchange.asked === 'ship' && exchange.answer))
        sent.add(exchange.order_id);
      if (exchange.asked !== 'order' || exchange.answer === undefined || known.has(exchange.answer.id)) return;
      known.add(exchange.answer.id);
      acknowledged.push(exchange.answer);
    },
  };
}
