export interface IOrder { order_id: string }
