/** What an order shows the auditor of how its goods went out and came back. */

export interface ItemCount {
  product_id: string;
  quantity: number;
}

/** A parcel of an order. */
export interface ParcelRecord {
  parcel_id: string;
  number: number;
  items: ItemCount[];
}

/** A return of an order; amounts as they were frozen. */
export interface ReturnRecord {
  return_id: string;
  state: 'requested' | 'approved' | 'received' | 'refunding' | 'refunded' | 'rejected' | 'closed';
  items: (ItemCount & { restock: number; write_off: number; from: number | null })[];
  refund: { refund_id: string | null; items_amount: number; shipping_amount: number; deduction: number; amount: number } | null;
  /** States of which the customer was notified; absent where the service does not say. */
  announced?: string[];
}
