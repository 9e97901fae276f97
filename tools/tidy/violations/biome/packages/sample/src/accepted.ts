export interface OrderPlaced {
  order_id: string;
  total_amount: number;
}

export function describeOrder({ order_id, total_amount }: OrderPlaced, delay_ms: number): string {
  const next_attempt_ms = delay_ms * 2;
  return `${order_id} ${total_amount} ${next_attempt_ms}`;
}
