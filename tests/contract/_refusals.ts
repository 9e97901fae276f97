/** Ways to be refused that many routes share: by status, for which routes, and how. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Call, Json, PlainRequest, PublishedApi, PublishedOperation } from './_published-api.ts';

export interface Callers {
  customer: string;
  staff: string;
  admin: string;
  admin_password: string;
  /** Two API keys; no route takes both. */
  keys: readonly { key: string; scope: string }[];
}

type Way = (api: PublishedApi, operation: PublishedOperation, callers: Callers) => Promise<unknown>;

/** A token that the route admits; undefined where it needs none. */
export function tokenFor({ described }: PublishedOperation, { customer, staff, admin }: Callers): string | undefined {
  return { authenticated: customer, staff, admin }[String(described['x-souk-access'])];
}

export function statusesOf({ described }: PublishedOperation): number[] {
  return Object.keys(described['responses'] as Json)
    .map(Number)
    .filter((status) => status >= 400);
}

const overlong = 'x'.repeat(8_100);
const large = 20_000;
const tooManyBytes = 3_000_000_000;

/** Members of a path that are no UUIDs. Where only a few words are valid, what no text may hold leads to no address at all. */
const absent: Readonly<Record<string, string>> = {
  service: '\u0000',
  name: '\u0000',
  code: 'nothing',
  country: '\u0000',
  provider: 'nothing',
  hash: '0'.repeat(64),
  outcome: 'paid',
  // Any UUID begins one.
  drill_id: '\u0000',
};

function absentParams(path: string): Record<string, string> {
  const names = [...path.matchAll(/\{([a-z_]+)\}/g)].map(([, name = '']) => name);
  return Object.fromEntries(names.map((name) => [name, absent[name] ?? randomUUID()]));
}

function bodyHeaders(operation: PublishedOperation, callers: Callers): Record<string, string> {
  const token = tokenFor(operation, callers);
  const [type = ''] = Object.keys((operation.described['requestBody'] as Json)['content'] as Json);
  // Forms of pages are taken from the shop's own pages alone.
  return { 'content-type': type, 'sec-fetch-site': 'same-origin', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
}

const withBody = (api: PublishedApi, operation: PublishedOperation, more: Partial<PlainRequest>): PlainRequest => ({
  address: api.addressOf(operation.operation_id),
  headers: {},
  body: undefined,
  ...more,
});

/** Each is tried wherever its status is published. */
export const ways: Readonly<Record<number, Way>> = {
  400: (api, { operation_id }) => api.call(operation_id, { query: { [overlong]: '' }, status: 400 }),
  401: (api, { operation_id }) => api.call(operation_id, { token: 'a.forged.token', status: 401 }),
  403(api, { operation_id, described }, { keys }) {
    const scopes = [described['x-souk-scope'] ?? []].flat();
    const { key } = keys.find(({ scope }) => !scopes.includes(scope)) ?? assert.fail(operation_id);
    return api.call(operation_id, { token: key, status: 403 });
  },
  404(api, operation, callers) {
    const headers = { 'sec-fetch-site': 'same-origin' };
    const call: Call = { params: absentParams(operation.path), token: tokenFor(operation, callers), headers, status: 404 };
    return api.call(operation.operation_id, call);
  },
  406: (api, operation, callers) =>
    api.call(operation.operation_id, {
      token: tokenFor(operation, callers),
      headers: { accept: 'x/y' },
      query: operation.operation_id === 'watchStock' ? { product_ids: randomUUID() } : {},
      status: 406,
    }),
  async 408(api, operation, callers) {
    const headers = { ...bodyHeaders(operation, callers), 'content-length': '1000' };
    const { status } = await api.sendRaw(operation.operation_id, withBody(api, operation, { headers, body: '{' }));
    assert.equal(status, 408, operation.operation_id);
  },
  async 413(api, operation, callers) {
    const headers = { ...bodyHeaders(operation, callers), 'content-length': String(tooManyBytes) };
    const { status } = await api.sendRaw(operation.operation_id, withBody(api, operation, { headers }));
    assert.equal(status, 413, operation.operation_id);
  },
  async 415(api, operation, callers) {
    const headers = { ...bodyHeaders(operation, callers), 'content-type': 'application/x-unknown' };
    const { status } = await api.send(operation.operation_id, withBody(api, operation, { headers, body: '{}' }));
    assert.equal(status, 415, operation.operation_id);
  },
  async 431(api, operation) {
    const headers = { 'x-large': 'x'.repeat(large) };
    const { status } = await api.sendRaw(operation.operation_id, withBody(api, operation, { headers }));
    assert.equal(status, 431, operation.operation_id);
  },
};
