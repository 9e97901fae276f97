export { loadOrdersConfig, OrdersConfig } from './config.ts';
export {
  type Checkout,
  type CheckoutInput,
  type CheckoutStatus,
  checkoutInputs,
  checkoutStatuses,
  checkoutTable,
  decideCheckout,
  type InputName,
} from './domain/checkout-saga.ts';
export { buildOrders } from './service.ts';
