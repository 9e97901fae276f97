/** Bodies that the reference sends in its examples; a test sends each of them to a running shop. */
import { assert } from '@souk/kernel';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { exampleOf } from './example-of.ts';

/** By operation, where what follows from the schema alone would change too much at once or make no sense. */
const bodies: Readonly<Record<string, unknown>> = {
  putUser: { full_name: 'Carla Maria Customer' },
  changeUser: { phone: '+351211234567' },
  deleteUser: { current_password: 'four red sails at noon' },
  createApiKey: { name: 'Warehouse', scopes: ['orders:read', 'inventory:write'], expires_at: '2036-11-29T00:00:00.000Z' },
  openGuest: { email: 'carla@mail.example', full_name: 'Carla Customer' },
  claimAccount: { username: 'carla.guest', password: 'four red sails at noon' },
  login: { login: 'carla', password: 'four red sails at noon' },
  createProduct: {
    sku: 'LAMP-OAK',
    name: 'Oak desk lamp',
    description: 'A lamp of oiled oak with a linen shade.',
    price: 129.95,
    currency: 'EUR',
    category: 'Lamps',
    attributes: { wood: 'oak' },
    stock_quantity: 50,
  },
  saveProducts: {
    items: [
      { product_id: '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8', price: 129.95 },
      { sku: 'STOOL-ASH', name: 'Ash stool', price: 79, category: 'Stools', stock_quantity: 20 },
    ],
  },
  replaceProduct: { sku: 'LAMP-OAK', name: 'Oak desk lamp', price: 134.95, currency: 'EUR', category: 'Lamps', status: 'active' },
  renameGroup: { handle: 'oak-table-lamp' },
  changeProduct: { price: 129.95 },
  startImport: 'sku,name,price,stock_quantity\nLAMP-OAK,Oak desk lamp,129.95,20\n',
  importProducts: 'sku,name,price,currency,category,stock_quantity\nSTOOL-OAK,Oak stool,89.00,EUR,Stools,12\n',
  placeOrder: {
    items: [{ product_id: '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8', quantity: 2 }],
    shipping_address: { full_name: 'Carla Customer', street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' },
    payment_method: 'tok_visa',
    expected_total: 259.9,
  },
  lookUpOrder: { order_number: 'S-10001', email: 'carla@mail.example' },
  putCart: { lines: [{ product_id: '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8', quantity: 2 }], later: [] },
  mergeCart: { lines: [{ product_id: '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8', quantity: 3 }] },
  quoteOrder: {
    items: [{ product_id: '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8', quantity: 2 }],
    shipping_address: { country: 'PT', postal_code: '1100-148' },
  },
  putTaxCountry: { included: true },
  createTaxRate: { country: 'PT', name: 'IVA', rate_percent: 23 },
  replaceTaxRate: { country: 'PT', name: 'IVA', rate_percent: 23, valid_until: '2027-01-01T00:00:00Z' },
  importTaxRates: 'country,tax_class,name,rate_percent\nPT,reduced,IVA,6\nPT,intermediate,IVA,13\n',
  createShippingZone: { name: 'Iberia', countries: ['PT', 'ES'] },
  replaceShippingZone: { name: 'Iberia', countries: ['PT', 'ES', 'AD'] },
  createShippingMethod: {
    zone_id: '0198c5a4-7f00-7a10-8b20-9c30ad40be50',
    code: 'post',
    name: 'Post',
    kind: 'by_subtotal',
    currency: 'EUR',
    steps: [
      { from: 0, amount: 4.9 },
      { from: 50, amount: 2.9 },
    ],
    free_from: 100,
    days_min: 1,
    days_max: 3,
  },
  replaceShippingMethod: {
    zone_id: '0198c5a4-7f00-7a10-8b20-9c30ad40be50',
    code: 'post',
    name: 'Post',
    kind: 'by_weight',
    currency: 'EUR',
    steps: [
      { from: 0, amount: 4.9 },
      { from: 2000, amount: 7.9 },
    ],
    days_min: 1,
    days_max: 3,
  },
  createPromotion: {
    label: '10 % off lamps',
    kind: 'percent',
    target: 'lines',
    value: 10,
    scope: { categories: ['Lamps'] },
    uses_max: 500,
    uses_per_customer: 1,
    active: true,
  },
  changePromotion: { label: '15 % off lamps', value: 15 },
  createPromotionCodes: { count: 3, uses_max: 1 },
  withdrawPromotionCode: { code: 'WELCOME' },
  simulatePromotion: {
    items: [{ product_id: '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8', quantity: 2 }],
    shipping_address: { country: 'PT', postal_code: '1100-148' },
  },
  cancelOrder: { reason: 'Ordered twice by mistake.' },
  completeOrder: {},
  adjustStock: { quantity_change: 10, reason: 'Delivery of the week.' },
  adjustStocks: { items: [{ product_id: '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8', quantity_change: 10, reason: 'Delivery of the week.' }] },
  refundPayment: { amount: 129.95, reason: 'One lamp arrived broken.' },
  receiveWebhook: { type: 'charge.updated', idempotency_key: '0198c5a4-7d11-7e02-8b6d-a1b2c3d4e5f6' },
  resendNotification: {},
  createWebhook: {
    url: 'https://hooks.example.org/souk',
    event_types: ['order.confirmed', 'order.cancelled'],
    description: 'The warehouse.',
  },
  changeWebhook: { status: 'paused' },
  rotateWebhookSecret: {},
  pingWebhook: {},
  replayDeliveries: { since: '2026-11-22T00:00:00.000Z', only_failed: true },
  runGraphql: {
    query: 'query Shelf($limit: Int) { products(limit: $limit) { nodes { id name price currency stock { available } } } }',
    variables: { limit: 2 },
  },
  changeCart: 'product_id=0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8&quantity=1&change=add',
  checkOut: 'step=quote&cart=AAECAwQFBgcICQoLDA0ODw%3A1&country=PT',
  cancelShownOrder: '',
  submitReturn: 'key=AAECAwQFBgcICQoLDA0ODw&product-1=0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8&quantity-1=1&reason-1=too+small',
  trackOrder: 'order_number=S-10042&email=carla%40example.com',
  replayDeadLetters: { queue: 'orders.checkout' },
  startDrill: { target: 'notifications', duration_s: 1 },
};

/** The body of an operation; undefined where a body that is not JSON has no example. */
export function bodyExampleOf(operation_id: string, schema: TSchema | undefined): unknown {
  const written = Object.hasOwn(bodies, operation_id) ? bodies[operation_id] : undefined;
  if (schema === undefined) return written;
  if (written === undefined) return exampleOf(schema);
  assert(Check(schema, written), `the example of ${operation_id} is not valid`);
  return written;
}
