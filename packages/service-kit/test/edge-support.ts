/** A small shop of routes behind a real server, for the tests of the edge; no database is needed here. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { defineRoute, type Problem, refusal } from '@souk/contracts';
import { type Log, silentLog, systemClock, systemIds } from '@souk/kernel';
import { createServiceMetrics, type SecurityLog, type ServiceMetrics, silentSecurityLog } from '@souk/telemetry';
import { silentTracer } from '@souk/telemetry/tracing';
import Type from 'typebox';
import {
  answer,
  checkIfMatch,
  createHttpEdge,
  createVerifier,
  type HttpEdge,
  type HttpLimits,
  memoryKeyStore,
  noContent,
  type ServedRoute,
  serve,
  type Verifier,
} from '../src/index.ts';
import { createTestKeys, type TestKeys } from '../src/testing/test-keys.ts';

export const gatewayToken = 'gateway-token-of-the-edge-tests-0123456789';
export const internalToken = 'internal-token-of-the-edge-tests-0123456789';
const common = { service: 'orders', summary: 'For a test', limit: 'none' } as const;
const Thing = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 20 }),
    price: Type.Number({ minimum: 0 }),
    kind: Type.Optional(Type.Union([Type.Literal('small'), Type.Literal('large')])),
    note: Type.Optional(Type.Union([Type.String({ maxLength: 5 }), Type.Null()])),
    parts: Type.Optional(Type.Array(Type.Object({ id: Type.Integer() }, { additionalProperties: false }), { maxItems: 3 })),
  },
  { additionalProperties: false },
);
const query = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
    in_stock: Type.Optional(Type.Boolean()),
    q: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
const params = Type.Object({ thing_id: Type.Integer({ minimum: 1 }) });
const anything = { 200: Type.Unknown() };

const createThing = defineRoute({
  ...common,
  method: 'POST',
  path: '/api/things',
  access: 'authenticated',
  body: Thing,
  responses: { 201: Type.Unknown() },
});
const routes = {
  createThing,
  list: defineRoute({ ...common, method: 'GET', path: '/api/things', access: 'public', query, responses: anything }),
  listOld: defineRoute({
    ...common,
    method: 'GET',
    path: '/api/old-things',
    access: 'public',
    query,
    responses: anything,
    deprecated: { since: '2026-11-29', sunset: '2027-05-29', instead: 'Use GET /api/things.' },
  }),
  one: defineRoute({ ...common, method: 'GET', path: '/api/things/{thing_id}', access: 'public', params, responses: anything }),
  change: defineRoute({
    ...common,
    method: 'PUT',
    path: '/api/things/{thing_id}',
    access: 'staff',
    params,
    body: Thing,
    responses: anything,
  }),
  text: defineRoute({ ...common, method: 'GET', path: '/api/texts/{text}', access: 'public', responses: anything }),
  cancel: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/cancel',
    access: 'public',
    body: Type.Object({ reason: Type.Optional(Type.String()) }, { additionalProperties: false }),
    responses: anything,
  }),
  admin: defineRoute({ ...common, method: 'DELETE', path: '/api/admin', access: 'admin', responses: { 204: null } }),
  internal: defineRoute({ ...common, method: 'GET', path: '/internal/secret', access: 'internal', responses: anything }),
  fail: defineRoute({
    ...common,
    method: 'GET',
    path: '/api/fail/{how}',
    access: 'public',
    params: Type.Object({ how: Type.String() }),
    responses: anything,
  }),
  upload: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/upload',
    access: 'public',
    body_type: 'text/csv',
    body_bytes_max: 2_000_000,
    responses: anything,
  }),
  glance: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/glance',
    access: 'public',
    body_type: 'text/csv',
    body_bytes_max: 2_000_000,
    responses: anything,
  }),
  echo: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/echo',
    access: 'public',
    idempotent: true,
    body: Type.Unknown(),
    responses: anything,
  }),
};

const version = 7;

function servedRoutes(slow: Promise<void>): ServedRoute<object>[] {
  return [
    serve(routes.createThing, async (_context, { body, caller }) =>
      answer(201, { ...body, by: caller.actor }, { location: '/api/things/1', etag: 1 }),
    ),
    serve(routes.list, async (_context, request) => answer(200, request.query, { next_cursor: 'next page' })),
    serve(routes.listOld, async (_context, request) => answer(200, request.query, { next_cursor: 'next page' })),
    serve(routes.one, async (_context, request) => answer(200, request.params, { etag: version })),
    serve(routes.change, async (_context, request) => {
      checkIfMatch(request, version);
      return answer(200, request.body);
    }),
    serve(routes.text, async (_context, request) => answer(200, request.params)),
    serve(routes.cancel, async (_context, request) => answer(200, request.body)),
    serve(routes.admin, async () => noContent()),
    serve(routes.internal, async () => answer(200, { secret: true })),
    serve(routes.fail, async (_context, request) => {
      const { how } = request.params;
      if (how === 'slow') {
        await slow;
        return answer(200, { slow: true });
      }
      if (how === 'busy') throw refusal('overloaded', 'Too much.', { retry_after_s: 2.4 });
      if (how === 'unknown-code') throw Object.assign(new Error('select * from passwords'), { code: 'XX000' });
      throw new TypeError(`the internal secret of ${how}`);
    }),
    serve(routes.upload, async (_context, request) => {
      let bytes = 0;
      for await (const chunk of request.raw_body) bytes += (chunk as Buffer).length;
      return answer(200, { bytes });
    }),
    serve(routes.glance, async (_context, request) => {
      for await (const chunk of request.raw_body) return answer(200, { first: String(chunk).slice(0, 1) });
      throw refusal('csv_invalid');
    }),
    serve(routes.echo, async (_context, request) =>
      answer(200, {
        body: request.body,
        body_text: request.body_text,
        cause: request.cause,
        key: request.idempotency_key ?? null,
        wait_ms: request.prefer_wait_ms,
        client_address: request.client_address,
      }),
    ),
  ];
}

export interface EdgeUnderTest {
  edge: HttpEdge;
  url: string;
  port: number;
  keys: TestKeys;
  verifier: Verifier;
  metrics: ServiceMetrics;
  /** Lets the slow request go on. */
  finishSlow(): void;
}

export async function startEdge(
  options: { security?: SecurityLog; limits?: Partial<HttpLimits>; log?: Log; log_requests?: boolean } = {},
): Promise<EdgeUnderTest> {
  const keys = await createTestKeys();
  const verifier = createVerifier({ fetchKeys: async () => keys.key_set, store: memoryKeyStore(), clock: systemClock, log: silentLog });
  await verifier.refresh();
  const metrics = createServiceMetrics('orders');
  const slow = Promise.withResolvers<void>();
  const edge = createHttpEdge({
    context: {},
    routes: servedRoutes(slow.promise),
    host: '127.0.0.1',
    port: 0,
    internal_token: internalToken,
    gateway_token: gatewayToken,
    verifier,
    ids: systemIds,
    log: options.log ?? silentLog,
    security: options.security ?? silentSecurityLog,
    metrics,
    tracer: silentTracer,
    log_requests: options.log_requests ?? false,
    ...(options.limits && { limits: options.limits }),
  });
  const port = await edge.listen();
  return { edge, url: `http://127.0.0.1:${port}`, port, keys, verifier, metrics, finishSlow: slow.resolve };
}

/** Sends bytes as they are and answers everything that came back until the server closed. */
export function rawRequest(port: number, text: string, options: { end?: boolean } = {}): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  // A reset after the answer is how a server may end a connection it no longer reads from.
  socket.on('error', () => resolve(answer));
  socket.on('close', () => resolve(answer));
  socket.write(text);
  if (options.end) socket.end();
  return promise;
}

/** The problem document at the end of a raw answer. */
export function problemIn(answer: string): Record<string, unknown> {
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;
}

export interface Refusal {
  status: number;
  headers: Headers;
  problem: Problem;
}

/** The refusal of a request; fails when it is none or no problem document. */
export async function refusalOf(shop: EdgeUnderTest, path: string, init: RequestInit = {}): Promise<Refusal> {
  const response = await fetch(shop.url + path, init);
  assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8');
  return { status: response.status, headers: response.headers, problem: (await response.json()) as Problem };
}
