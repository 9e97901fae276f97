/** Examples for people, made from the schema: the same ones at every run, and valid, because each is checked. */
import { assert } from '@souk/kernel';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';

interface SchemaParts {
  type?: string;
  const?: unknown;
  anyOf?: readonly TSchema[];
  required?: readonly string[];
  properties?: Readonly<Record<string, TSchema>>;
  items?: TSchema;
  minimum?: number;
}

const pictureHash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const pictureName = `${pictureHash}-800.webp`;

/** What members of these names look like; the first that the schema accepts is taken. */
const candidates: Readonly<Record<string, readonly unknown[]>> = {
  event_id: ['0198c5a4-7c1e-7d3b-9a55-3f1c0f2a8e10'],
  correlation_id: ['0198c5a4-7bd0-7a41-8c07-51d2b6ce9a02'],
  causation_id: ['0198c5a4-7bd0-7a41-8c07-51d2b6ce9a02'],
  user_id: ['0198c590-11aa-7b0e-a1d4-6f7780c1d2e3'],
  product_id: ['0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8'],
  order_ids: ['0198c5a4-7be2-7f19-93c4-0d5e6f708192'],
  order_id: ['0198c5a4-7be2-7f19-93c4-0d5e6f708192'],
  order_number: ['S-10002'],
  return_number: ['R-10001'],
  payment_id: ['0198c5a4-7d11-7e02-8b6d-a1b2c3d4e5f6'],
  refund_id: ['0198c5b1-0a2b-7c3d-9e4f-5a6b7c8d9e0f'],
  email_digest: ['q0mX1rT8yVb3nK5pZ7sLwD2fGhJ4cA6eUiO9tRxYvBs'],
  token_id: ['0198c591-2b3c-7d4e-8f50-617283940516'],
  timestamp: ['2026-11-22T09:30:00.000Z'],
  traceparent: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
  actor: ['user:0198c590-11aa-7b0e-a1d4-6f7780c1d2e3'],
  correlation: ['checkout-2026-11-22'],
  source: ['orders@0.1.0'],
  username: ['carla'],
  email: ['carla@example.org'],
  full_name: ['Carla Customer'],
  phone: ['+351211234567'],
  registration_source: ['api'],
  sku: ['LAMP-OAK'],
  facet_names: [['option.size']],
  name: [
    'Oak desk lamp',
    'option.size',
    'oak-desk-lamp.svg',
    pictureName,
    'storefront-7mjdxG37Q3KzRBWe.css',
    'storefront-7mjdxG37Q3KzRBWe.js',
    'console-CJMTPHKH.js',
  ],
  screen: ['orders'],
  entry: ['0198c5a4-7be2-7f19-93c4-0d5e6f708192'],
  hash: [pictureHash],
  handle: ['oak-desk-lamp'],
  alt: ['The lamp on a desk, seen from the left.'],
  width: [2_400, 800],
  height: [1_600],
  product: ['0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8'],
  price: [129.95],
  amount: [259.9],
  total_amount: [259.9],
  currency: ['EUR'],
  quantity: [2],
  requested: [3],
  available: [2],
  quantity_change: [-2],
  current_quantity: [48],
  initial_quantity: [50],
  payment_method: ['tok_visa'],
  cancelled_by: ['system'],
  money: ['not_taken', 'taken'],
  reason: ['out_of_stock', 'customer_request'],
  carrier: ['Post'],
  tracking_number: ['RR123456785PT'],
  tracking_url: ['https://post.example.org/track/RR123456785PT'],
  street: ['1 Market Square'],
  city: ['Lisbon'],
  postal_code: ['1100-148'],
  country: ['PT'],
  access_token: ['eyJhbGciOiJFZERTQSJ9.eyJyb2xlIjoiY3VzdG9tZXIifQ.c2lnbmVk'],
  refresh_token: ['rt.Qm9uZHMtYXJlLW5vdC1ib29rcw.7Zk2'],
  token: ['vt.QSBzZWNyZXQgb2YgYSBtYWls.x91d'],
  expires_in: [600],
  key: ['souk_live_0198c5a47f007a108b209c30ad40be50_vJ2kq0-aLxH3mZ8wB5tRnYc7dE1fUo4iGsPp6KhQyTA_2Of74m'],
  scopes: [['orders:read', 'inventory:write']],
  created_by: ['0198c590-11aa-7b0e-a1d4-6f7780c1d2e3'],
  login: ['carla'],
  password: ['four red sails at noon'],
  current_password: ['four red sails at noon'],
  code: ['492817', 'total_changed'],
  secret: ['JBSWY3DPEHPK3PXP', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwJbnPzJq2d5Q='],
  url: ['https://hooks.example.org/souk'],
  event_types: [['order.confirmed', 'order.cancelled']],
  otpauth_uri: ['otpauth://totp/Souk:carla?secret=JBSWY3DPEHPK3PXP&issuer=Souk'],
  recovery_codes: [['k4tz-9wqm-2hfa', 'x7pd-3nrc-8vbe']],
  recovery_codes_left: [10],
  keys: [[{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: '2026-11', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }]],
  id: ['0198c5a4-7f00-7a10-8b20-9c30ad40be50', '17', '6013bc14c54a9cb6b1a5ecc919070b0a15687fd89e82575ebe60fc1d0d69253f'],
  variables: ['{"limit":2}'],
  operationName: ['Shelf'],
  data: [{ products: { nodes: [{ name: 'Oak desk lamp', stock: null }] } }],
  path: [['products', 'nodes', 0, 'stock']],
  message: ['inventory does not answer at the moment.'],
  ids: [['17', '18'], '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8,0198c58f-f00d-7c55-b9a8-20e4d5c6b7a9'],
  product_ids: [['0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8'], '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8'],
  topics: ['orders,stock'],
  queue: ['orders.checkout'],
  event_type: ['order.confirmed'],
  description: ['A lamp of oiled oak with a linen shade.'],
  category: ['Lamps'],
  image_url: ['/api/products/pictures/lamp-oak.svg'],
  attributes: [{ wood: 'oak' }],
  options: [{ size: 'large' }],
  stock_quantity: [48],
  on_hand: [4],
  reserved: [2],
  on_hand_change: [-2],
  reserved_change: [-2],
  line_total: [259.9],
  tax: [48.6],
  paid: [259.9],
  shipping: [4.9],
  items_total: [259.9],
  shipping_total: [4.9],
  tax_total: [49.52],
  total: [264.8],
  base: [215.28],
  rate_percent: [23],
  tax_class: ['standard'],
  weight_g: [850],
  shipping_method: ['post', { code: 'post', name: 'Post' }],
  locale: ['pt'],
  region: [null],
  regions: [[]],
  postal_prefix: [null],
  postal_prefixes: [[]],
  countries: [['PT']],
  valid_from: [null],
  valid_until: ['2026-11-22T09:45:00.000Z'],
  steps: [[{ from: 0, amount: 4.9 }]],
  free_from: [50],
  captured_amount: [259.9],
  refunded_amount: [0],
  refunds: [[]],
  cancel_reason: [null],
  cause: ['payment.processed'],
  note: [null],
  from: ['awaiting_payment'],
  to: ['confirmed'],
  recipient: ['carla@example.org'],
  subject: ['Your order S-10002 is confirmed'],
  failure_code: [null],
  failure: [null],
  failure_detail: [null],
  attempts: [1],
  provider: ['sandbox'],
  q: ['lamp'],
  limit: [20],
  cursor: ['WyIwMTk4YzVhNCJd'],
  skip: [0],
  min_price: [10, '10'],
  max_price: [200, '200'],
  in_stock: [true, 'true'],
  sort: ['name'],
  number: ['S-10002', 'R-10001', 1],
  low_stock_below: [5],
  incomplete: [[]],
  decline_code: [null],
  status: ['confirmed', 'captured', 'sent', 'done', 'enabled'],
  service: ['orders'],
  instance: ['/api/orders'],
};

/** Members that would contradict the others of an example, or say nothing. */
const leftOut: ReadonlySet<string> = new Set(['decline_code', 'correlation', 'street2', 'state']);

/** For fields without a candidate whose text has a form: an id, an instant. */
const forms = ['0198c5a4-7f00-7a10-8b20-9c30ad40be50', '2026-11-22T09:30:00.000Z'];

/**
 * A value the schema accepts, with its optional members where they help; `overrides` says by name what should be in it, `name` is
 * that of a member which stands alone.
 */
export function exampleOf(schema: object, overrides: Readonly<Record<string, unknown>> = {}, name = ''): unknown {
  const example = exampleFor(schema as TSchema, name, overrides);
  assert(Check(schema as TSchema, example), `the example ${JSON.stringify(example)} is not valid`);
  return example;
}

function exampleFor(schema: TSchema, name: string, overrides: Readonly<Record<string, unknown>>): unknown {
  const known = [...(Object.hasOwn(overrides, name) ? [overrides[name]] : []), ...(candidates[name] ?? [])].find((candidate) =>
    Check(schema, candidate),
  );
  if (known !== undefined) return known;
  const { type, const: constant, anyOf, properties, required, items, minimum } = schema as SchemaParts;
  if (constant !== undefined) return constant;
  if (anyOf?.[0]) return exampleFor(anyOf[0], name, overrides);
  if (properties) {
    const members = Object.entries(properties).filter(([member]) => !leftOut.has(member) || required?.includes(member));
    return Object.fromEntries(members.map(([member, part]) => [member, exampleFor(part, member, overrides)]));
  }
  if (type === 'array' && items) return [exampleFor(items, name, overrides)];
  if (type === 'integer' || type === 'number') return Math.max(minimum ?? 0, 1);
  if (type === 'boolean') return true;
  if (type === 'object') return {};
  const text = `a ${name.replaceAll('_', ' ') || 'text'}`;
  return [text, ...forms].find((candidate) => Check(schema, candidate)) ?? text;
}
