/** The HTTP server of a service: routing, admission, limits, refusals and a stop that finishes what is under way. */
import type { Socket } from 'node:net';
import { type RouteDeclaration, refusal } from '@souk/contracts';
import { AppError, type IdSource, type Log, pause, type Tracer } from '@souk/kernel';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type HTTPMethods } from 'fastify';
import { createTokenGuard } from '../auth/bearer.ts';
import type { Verifier } from '../auth/verifier.ts';
import type { ChaosSwitch } from '../chaos/chaos-switch.ts';
import type { ServiceMetrics } from '../observe/service-metrics.ts';
import { beginRequest, beginUntraced, logRequest } from './begin-request.ts';
import { createClientErrorHandler } from './client-error.ts';
import type { EdgeParts } from './edge-parts.ts';
import { createEndpoint, createObserver } from './endpoint.ts';
import { sendFailure, stateOf } from './send.ts';
import type { ServedRoute } from './serve.ts';

export interface HttpLimits {
  body_bytes_max: number;
  url_length_max: number;
  headers_bytes_max: number;
  request_timeout_ms: number;
  headers_timeout_ms: number;
  keep_alive_timeout_ms: number;
}

export interface HttpEdgeOptions<C> {
  context: C;
  routes: readonly ServedRoute<C>[];
  host: string;
  /** 0 takes a free one. */
  port: number;
  internal_token: string;
  /** With the token of those who hold drills; no drill is possible without. */
  drills?: { chaos: ChaosSwitch; token: string } | undefined;
  verifier: Verifier;
  ids: IdSource;
  log: Log;
  metrics: ServiceMetrics;
  tracer: Tracer;
  /** One line at info for each request. */
  log_requests: boolean;
  limits?: Partial<HttpLimits>;
  /** For what declared routes cannot say (streams, upgrades): gets the server before it listens. */
  extend?(app: FastifyInstance): void;
}

export interface HttpEdge {
  /** Resolves with the port; throws `port_taken`. */
  listen(): Promise<number>;
  /** Requests under way. */
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
const paramLengthMax = 1_000;

/** Builds the server with all its routes; nothing listens before `listen`. */
export function createHttpEdge<C>(options: HttpEdgeOptions<C>): HttpEdge {
  const limits = { ...defaultLimits, ...options.limits };
  const flow = createFlow(options, limits);
  options.metrics.gauge('souk_http_requests_in_flight', () => [{ labels: {}, value: flow.inFlight() }]);
  const app = createServer(options, limits, flow.parts);
  app.decorateRequest('edge_state', null);
  app.setErrorHandler((error, request, reply) => {
    // An address that nobody serves has no endpoint that took the request up.
    if (!stateOf(request)) beginUntraced(request, reply, options.ids);
    sendFailure(flow.parts, request, reply, error);
  });
  takeBodies(app, limits.body_bytes_max);
  for (const served of options.routes) {
    const endpoint = createEndpoint(flow.parts, served, options.context);
    app.route({ method: served.route.method, url: patternOf(served.route.path), ...endpoint });
  }
  options.extend?.(app);
  const addresses = addressesOf(options.routes.map(({ route }) => route));
  refuseOtherMethods(app, flow.parts, addresses);
  refuseUnknown(app, flow.parts, addresses);
  return {
    listen: () => listen(app, options.host, options.port),
    inFlight: flow.inFlight,
    close: (deadline_ms) => flow.close(app, deadline_ms),
  };
}

interface Flow {
  parts: EdgeParts;
  inFlight(): number;
  close(app: FastifyInstance, deadline_ms: number): Promise<void>;
}

/** Counts what is under way and knows when the server stops. */
function createFlow<C>(options: HttpEdgeOptions<C>, limits: HttpLimits): Flow {
  const { verifier, ids, log, metrics, tracer, log_requests } = options;
  const isInternal = createTokenGuard(options.internal_token);
  const isChaos = options.drills ? createTokenGuard(options.drills.token) : () => false;
  let inFlight = 0;
  let draining = false;
  let closing: Promise<void> | undefined;
  let emptied: () => void = () => undefined;

  const parts: EdgeParts = {
    verifier,
    isInternal,
    isChaos,
    chaos: options.drills?.chaos,
    metrics,
    log,
    log_requests,
    body_bytes_max: limits.body_bytes_max,
    url_length_max: limits.url_length_max,
    isDraining: () => draining,
    begin(request, reply, path) {
      inFlight += 1;
      return beginRequest({ ids, tracer, isInternal }, request, reply, path);
    },
    end() {
      inFlight -= 1;
      if (inFlight === 0) emptied();
    },
    logRequest: (request, route, status, ms) => logRequest(log, request, route, status, ms),
  };
  const drain = async (app: FastifyInstance, deadline_ms: number): Promise<void> => {
    draining = true;
    const closed = app.close();
    if (inFlight > 0) {
      const deadline = new AbortController();
      await Promise.race([new Promise<void>((resolve) => (emptied = resolve)), pause(deadline_ms, deadline.signal)]);
      deadline.abort();
    }
    app.server.closeAllConnections();
    await closed;
  };
  return {
    parts,
    inFlight: () => inFlight,
    close: (app, deadline_ms) => {
      closing ??= drain(app, deadline_ms);
      return closing;
    },
  };
}

function createServer<C>(options: HttpEdgeOptions<C>, limits: HttpLimits, edge: EdgeParts): FastifyInstance {
  const streamed = options.routes.filter(({ route }) => route.body_type !== undefined).map(({ route }) => route.timeout_ms ?? 0);
  const refuseMalformed = createClientErrorHandler(options.ids);
  const app = fastify({
    logger: false,
    bodyLimit: limits.body_bytes_max,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    keepAliveTimeout: limits.keep_alive_timeout_ms,
    requestTimeout: Math.max(limits.request_timeout_ms, ...streamed),
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: paramLengthMax, querystringParser: () => ({}) },
    http: {
      maxHeaderSize: limits.headers_bytes_max,
      headersTimeout: limits.headers_timeout_ms,
      connectionsCheckingInterval: connectionsCheckMs,
      requireHostHeader: false,
    },
    clientErrorHandler: refuseMalformed,
    // An address that cannot be read reaches no route.
    frameworkErrors: (error, request, reply) => refuseHere(edge, request, reply, error),
  });
  // An expectation nobody knows may be ignored (RFC 9110, section 10.1.1); Node would answer it with an empty 417.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.server.on('connect', (_request, socket) => refuseMalformed(new Error('CONNECT is not taken'), socket as Socket));
  return app as unknown as FastifyInstance;
}

/** JSON arrives as bytes and is read by the endpoint; every other type arrives as the stream it is. */
function takeBodies(app: FastifyInstance, body_bytes_max: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: body_bytes_max }, (_request, body, done) =>
    done(null, body),
  );
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

/** `/api/orders/{order_id}` as the router writes it. */
function patternOf(path: string): string {
  return path.replaceAll(/\{([a-z_]+)\}/g, ':$1');
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
    const path = same[0]?.path ?? '/';
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[a-z_]+\}/g, '[^/]+')}$`);
    return { path, pattern, methods, allow: [...methods].sort().join(', ') };
  });
}

function methodRefused({ allow }: Address): AppError {
  return refusal('method_not_allowed', `This address takes ${allow}.`, { allow });
}

/** The router knows a path only together with its method; so every declared path gets its other methods, which say 405. */
function refuseOtherMethods(app: FastifyInstance, edge: EdgeParts, addresses: readonly Address[]): void {
  const path = 'method not allowed';
  const observe = createObserver(edge, { method: '*', path });
  for (const address of addresses) {
    app.route({
      method: allMethods.filter((method) => !address.methods.has(method)),
      url: patternOf(address.path),
      onRequest: (request, reply, done) => {
        edge.begin(request, reply, path);
        done(methodRefused(address));
      },
      onResponse: observe,
      handler: () => undefined,
    });
  }
}

/** Nothing is there, or only for other methods: those that hardly anybody uses have no route of their own. */
function refuseUnknown(app: FastifyInstance, edge: EdgeParts, addresses: readonly Address[]): void {
  const reasonOf = ({ method, url }: FastifyRequest): AppError => {
    if (edge.isDraining()) return refusal('shutting_down');
    const path = url.split('?', 1)[0] ?? '';
    const address = addresses.find(({ pattern, methods }) => pattern.test(path) && !methods.has(method));
    return address ? methodRefused(address) : refusal('not_found', 'There is nothing at this address.');
  };
  app.setNotFoundHandler((request, reply) => refuseHere(edge, request, reply, reasonOf(request)));
}

/** Refuses, counts and writes down a request that no route took up. */
function refuseHere(edge: EdgeParts, request: FastifyRequest, reply: FastifyReply, error: unknown): void {
  const path = 'not found';
  const observe = createObserver(edge, { method: '*', path });
  edge.begin(request, reply, path);
  reply.raw.once('close', () => observe(request, reply, () => undefined));
  sendFailure(edge, request, reply, error);
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
