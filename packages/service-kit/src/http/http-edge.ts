/** The HTTP server of a service: routing, admission, limits, refusals and a stop that finishes what is under way. */
import type { Socket } from 'node:net';
import { type RouteDeclaration, refusal } from '@souk/contracts';
import { AppError, type IdSource, type Log } from '@souk/kernel';
import type { SecurityLog, ServiceMetrics } from '@souk/telemetry';
import type { Tracer } from '@souk/telemetry/tracing';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type HTTPMethods, type RouteOptions } from 'fastify';
import { createTokenGuard } from '../auth/bearer.ts';
import type { Verifier } from '../auth/verifier.ts';
import type { ChaosSwitch } from '../chaos/chaos-switch.ts';
import { uncached } from './caching.ts';
import { createClientErrorHandler } from './client-error.ts';
import { endpointOf, patternOf, readAndWrite, routerOptions } from './endpoint.ts';
import { createRequestFlow, type RequestFlow } from './request-flow.ts';
import { checkRequestLine } from './request-line.ts';
import { sendFailure } from './send.ts';
import type { ServedRoute } from './serve.ts';

export interface HttpLimits {
  body_bytes_max: number;
  url_length_max: number;
  headers_bytes_max: number;
  request_timeout_ms: number;
  headers_timeout_ms: number;
  keep_alive_timeout_ms: number;
}

export type InspectAnswer = (route: RouteDeclaration, status: number, body: unknown, sent: string) => void;

export interface HttpEdgeOptions<C> {
  context: C;
  routes: readonly ServedRoute<C>[];
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Bearer token of the internal routes of this service. */
  internal_token: string;
  /** What the gateway shows with each request it passes on; the forwarded client address is believed from no other sender. */
  gateway_token: string;
  /** Answers a challenge to prove which instance this is; undefined where the challenge is for another. */
  prove?: (challenge: string) => string | undefined;
  /** With the token of those who may inject faults; none can be injected without. */
  fault_injection?: { chaos: ChaosSwitch; token: string } | undefined;
  verifier: Verifier;
  ids: IdSource;
  log: Log;
  /** Gets the requests that are not admitted. */
  security: SecurityLog;
  metrics: ServiceMetrics;
  tracer: Tracer;
  /** One line at info for each request. */
  log_requests: boolean;
  limits?: Partial<HttpLimits>;
  /** Sees what a handler answered and the JSON text that was sent of it. */
  inspectAnswer?: InspectAnswer | undefined;
}

export interface HttpEdge {
  /** Resolves with the port; throws `port_taken`. */
  listen(): Promise<number>;
  /** Requests in flight. */
  inFlight(): number;
  /** New requests get 503 `shutting_down`, those under way may finish within `deadline_ms`, then everything is cut. Idempotent. */
  close(deadline_ms: number): Promise<void>;
}

const defaultLimits: HttpLimits = {
  body_bytes_max: 1_048_576,
  url_length_max: 8_000,
  headers_bytes_max: 16_384,
  request_timeout_ms: 30_000,
  headers_timeout_ms: 10_000,
  keep_alive_timeout_ms: 72_000,
};
const connectionsCheckMs = 1_000;
const allMethods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];

/** Builds the server with all its routes; nothing listens before `listen`. */
export function createHttpEdge<C>(options: HttpEdgeOptions<C>): HttpEdge {
  const limits = { ...defaultLimits, ...options.limits };
  const flow = createRequestFlow(options);
  const refusals = createRefusals(options.log, flow, addressesOf(options.routes.map(({ route }) => route)), limits.url_length_max);
  const app = createServer(options, limits, refusals);
  const parts = {
    ...flow,
    ...{ verifier: options.verifier, security: options.security, chaos: options.fault_injection?.chaos },
    ...{ body_bytes_max: limits.body_bytes_max, url_length_max: limits.url_length_max },
    isInternal: createTokenGuard(options.internal_token),
    isChaos: options.fault_injection ? createTokenGuard(options.fault_injection.token) : () => false,
  };
  for (const served of options.routes) app.route(endpointOf(parts, served, options.context));
  refusals.addTo(app);
  let closing: Promise<void> | undefined;
  return {
    listen: () => listen(app, options.host, options.port),
    inFlight: flow.inFlight,
    close(deadline_ms) {
      closing ??= close(app, flow, deadline_ms);
      return closing;
    },
  };
}

async function close(app: FastifyInstance, flow: RequestFlow, deadline_ms: number): Promise<void> {
  const drained = flow.drain(deadline_ms);
  const closed = app.close();
  await drained;
  app.server.closeAllConnections();
  await closed;
}

function createServer<C>(options: HttpEdgeOptions<C>, limits: HttpLimits, refusals: Refusals): FastifyInstance {
  const streamed = options.routes.filter(({ route }) => route.body_type !== undefined).map(({ route }) => route.timeout_ms ?? 0);
  const refuseMalformed = createClientErrorHandler(options.ids);
  const server = fastify({
    logger: false,
    bodyLimit: limits.body_bytes_max,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    keepAliveTimeout: limits.keep_alive_timeout_ms,
    requestTimeout: Math.max(limits.request_timeout_ms, ...streamed),
    exposeHeadRoutes: true,
    routerOptions,
    http: {
      maxHeaderSize: limits.headers_bytes_max,
      headersTimeout: limits.headers_timeout_ms,
      connectionsCheckingInterval: connectionsCheckMs,
      requireHostHeader: false,
    },
    clientErrorHandler: refuseMalformed,
    // An address that cannot be read reaches no route.
    frameworkErrors: (error, request, reply) => refusals.refuse(request, reply, error),
  });
  const app = server as unknown as FastifyInstance;
  // An unknown expectation may be ignored (RFC 9110, section 10.1.1); Node would answer it with an empty 417.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.server.on('connect', (_request, socket) => refuseMalformed(new Error('CONNECT is not taken'), socket as Socket));
  readAndWrite(app, limits.body_bytes_max);
  app.setErrorHandler((error, request, reply) => refusals.refuse(request, reply, error));
  if (options.inspectAnswer) inspectAnswers(app, options.inspectAnswer);
  return app;
}

function inspectAnswers(app: FastifyInstance, inspect: InspectAnswer): void {
  const bodies = new WeakMap<FastifyRequest, unknown>();
  app.addHook('preSerialization', async (request, _reply, body) => {
    bodies.set(request, body);
    return body;
  });
  app.addHook('onSend', async (request, reply, sent) => {
    if (request.route && bodies.has(request) && typeof sent === 'string')
      inspect(request.route, reply.statusCode, bodies.get(request), sent);
    return sent;
  });
}

/** What is served at one path, whatever its parameters are called. */
interface Address {
  path: string;
  pattern: RegExp;
  methods: ReadonlySet<string>;
  /** For the Allow header. */
  allow: string;
}

function addressesOf(routes: readonly RouteDeclaration[]): Address[] {
  const paths = Map.groupBy(routes, ({ path }) => path.replaceAll(/\{[a-z_]+\}/g, '{}'));
  return [...paths.values()].map((same) => {
    const methods = new Set<string>(same.map(({ method }) => method));
    if (methods.has('GET')) methods.add('HEAD');
    methods.add('OPTIONS');
    const path = same[0]?.path ?? '/';
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[a-z_]+\}/g, '[^/]+')}$`);
    return { path, pattern, methods, allow: [...methods].sort().join(', ') };
  });
}

function methodRefused({ allow }: Address): AppError {
  return refusal('method_not_allowed', `This address takes ${allow}.`, { allow });
}

interface Refusals {
  /** Answers a refusal; begins the request first where no route did. */
  refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): void;
  addTo(app: FastifyInstance): void;
}

/** Refuses, counts and logs what no route takes. */
function createRefusals(log: Log, flow: RequestFlow, addresses: readonly Address[], url_length_max: number): Refusals {
  const beginUnknown = flow.beginningOf({ method: '*', path: 'not found' });
  const beginOtherMethod = flow.beginningOf({ method: '*', path: 'method not allowed' });
  const refuse: Refusals['refuse'] = (request, reply, error) => {
    if (request.span === undefined) beginUnknown(request, reply);
    sendFailure(log, request, reply, error);
  };
  /** Nothing is there, or only for other methods: rarely used ones have no route of their own. */
  const reasonOf = ({ method, url }: FastifyRequest): AppError => {
    if (flow.isDraining()) return refusal('shutting_down');
    const path = url.split('?', 1)[0] ?? '';
    const address = addresses.find(({ pattern, methods }) => pattern.test(path) && !methods.has(method));
    return address ? methodRefused(address) : refusal('not_found', 'There is nothing at this address.');
  };
  /** What an address takes (RFC 9110, section 9.3.7). */
  const optionsOf = ({ path, allow }: Address): RouteOptions => ({
    method: 'OPTIONS',
    url: patternOf(path),
    onRequest: (request, reply, done) => {
      beginOtherMethod(request, reply);
      try {
        if (flow.isDraining()) throw refusal('shutting_down');
        checkRequestLine(request.raw, url_length_max);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    handler: (_request, reply) => reply.code(204).headers({ allow, 'cache-control': uncached }).send(),
  });
  return {
    refuse,
    addTo(app) {
      // The router knows a path only together with its method; so every declared path gets its other methods, which say 405.
      for (const address of addresses) {
        app.route(optionsOf(address));
        app.route({
          method: allMethods.filter((method) => !address.methods.has(method)),
          url: patternOf(address.path),
          onRequest: (request, reply, done) => {
            beginOtherMethod(request, reply);
            done(methodRefused(address));
          },
          handler: () => undefined,
        });
      }
      app.setNotFoundHandler((request, reply) => refuse(request, reply, reasonOf(request)));
    },
  };
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new AppError('port_taken', `Port ${port} of ${host} is taken.`, { host, port }, error);
    throw error;
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
