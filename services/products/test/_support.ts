import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { EventOf, inventoryUpdated, Product } from '@souk/contracts';
import { type TestService, testService } from '@souk/service-kit/testing';
import { buildProducts, ProductsConfig } from '../src/index.ts';

type Running = TestService<ReturnType<typeof buildProducts>>;

export interface Answered<Body> {
  status: number;
  headers: Headers;
  body: Body;
  text: string;
}

export interface Shop extends Running {
  staff: string;
  /** A request as staff, unless headers say otherwise. */
  call<Body = Product>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered<Body>>;
  /** A product made through the API. */
  add(product?: Record<string, unknown>): Promise<Product>;
  /** The events that wait or were sent, by type, from the outbox as it was written. */
  published(): PublishedEvent[];
}

export interface PublishedEvent {
  event_type: string;
  [member: string]: unknown;
}

/** A running products service with an empty catalogue; every event it appends is kept for the test. */
export async function openShop(config: Partial<ProductsConfig> = {}): Promise<Shop> {
  const running = await testService<ProductsConfig, ReturnType<typeof buildProducts>>(buildProducts, {
    name: 'products',
    schema: ProductsConfig,
    config,
  });
  const staff = await running.tokenFor({ role: 'staff' });
  const events: PublishedEvent[] = [];
  const { outbox } = running.service.context;
  const append = outbox.append.bind(outbox);
  outbox.append = async (tx, drafts) => {
    await append(tx, drafts);
    tx.onCommit(() => events.push(...drafts.map(({ definition, payload }) => ({ event_type: definition.event_type, ...payload }))));
  };
  const call = async <Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered<Body>> => {
    const response = await fetch(`${running.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${staff}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '') && !/ndjson/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: (json ? JSON.parse(text) : undefined) as Body };
  };
  return {
    ...running,
    staff,
    call,
    published: () => events,
    async add(product = {}) {
      const made = await call<Product>('POST', '/api/products', { name: 'Blue Shirt', price: 19.95, ...product });
      assert.equal(made.status, 201, made.text);
      return made.body;
    },
  };
}

export interface Problem {
  code: string;
  detail: string;
  status: number;
  errors?: { pointer: string; detail: string }[];
}

export interface Report {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
  refusals: { line: number; reason: string; handle?: string }[];
  ignored_columns: number;
  ignored_column_names: string[];
  unused_column_names: string[];
}

/** Imports a text and answers the report. */
export async function importCsv(shop: Shop, csv: string | Buffer<ArrayBuffer>): Promise<Report> {
  const response = await fetch(`${shop.url}/api/products/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shop.staff}`, 'content-type': 'text/csv' },
    body: csv,
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text) as Report;
}

export async function listed(shop: Shop, query: string): Promise<Product[]> {
  const answer = await shop.call<Product[]>('GET', `/api/products?${query}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

/** Every page of a list, by its Link headers. */
export async function allPages(
  shop: Shop,
  query: string,
  betweenPages: () => Promise<unknown> = async () => undefined,
): Promise<Product[]> {
  const products: Product[] = [];
  for (let path: string | undefined = `/api/products?${query}`; path !== undefined; ) {
    const page: Answered<Product[]> = await shop.call<Product[]>('GET', path);
    assert.equal(page.status, 200, page.text);
    products.push(...page.body);
    path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    await betweenPages();
  }
  return products;
}

export function anInventoryUpdated(members: Partial<EventOf<typeof inventoryUpdated>> = {}): EventOf<typeof inventoryUpdated> {
  return {
    event_id: randomUUID(),
    event_type: 'inventory.updated',
    timestamp: '2026-01-01T00:00:00.000Z',
    version: '1.0',
    correlation_id: randomUUID(),
    metadata: {},
    product_id: randomUUID(),
    quantity_change: -1,
    current_quantity: 9,
    reason: 'reserved',
    stock_version: 2,
    ...members,
  };
}
