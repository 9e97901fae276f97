export interface Order {
  order_id: string;
}

export const one = 1;
