export class Order {
  constructor(readonly order_id: string) {}
}
