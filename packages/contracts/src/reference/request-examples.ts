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
  changeProduct: { price: 129.95 },
  importProducts: 'sku,name,price,currency,category,stock_quantity\nSTOOL-OAK,Oak stool,89.00,EUR,Stools,12\n',
  placeOrder: {
    items: [{ product_id: '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8', quantity: 2 }],
    shipping_address: { full_name: 'Carla Customer', street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' },
    payment_method: 'tok_visa',
    expected_total: 259.9,
  },
  cancelOrder: { reason: 'Ordered twice by mistake.' },
  completeOrder: {},
  adjustStock: { quantity_change: 10, reason: 'Delivery of the week.' },
  adjustStocks: { items: [{ product_id: '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8', quantity_change: 10, reason: 'Delivery of the week.' }] },
  refundPayment: { amount: 129.95, reason: 'One lamp arrived broken.' },
  receiveWebhook: { type: 'charge.updated', idempotency_key: '0198c5a4-7d11-7e02-8b6d-a1b2c3d4e5f6' },
  resendNotification: {},
  runGraphql: {
    query: 'query Shelf($limit: Int) { products(limit: $limit) { nodes { id name price currency stock { available } } } }',
    variables: { limit: 2 },
  },
  replayDeadLetters: { queue: 'orders.checkout' },
};

/** The body of an operation; undefined where a body that is not JSON has no example. */
export function bodyExampleOf(operation_id: string, schema: TSchema | undefined): unknown {
  const written = Object.hasOwn(bodies, operation_id) ? bodies[operation_id] : undefined;
  if (schema === undefined) return written;
  if (written === undefined) return exampleOf(schema);
  assert(Check(schema, written), `the example of ${operation_id} is not valid`);
  return written;
}
