/**
 * The order of work on a request: limits, correlation id, route table, rate limit, access token and policy; then the
 * gateway's own answer or a proxy request to a service; at the end the log line and the metrics.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getStatus, refusal } from '@souk/contracts';
import { AppError, createLimiter } from '@souk/kernel';
import { callerId, checkRequestLine, correlationIdOf, recordRefusedRequest, startRequestSpan } from '@souk/service-kit';
import { isHeartbeat } from '@souk/telemetry';
import type { GatewayContext } from '../context.ts';
import { type RouteEntry, routeTable } from '../route-table.ts';
import { exchangeApiKey, findApiKey } from '../use-cases/exchange-api-key.ts';
import { renewSession } from '../use-cases/renew-session.ts';
import { type AdmissionOptions, createAdmission } from './admission.ts';
import { createAnswerHeads } from './answer-heads.ts';
import { type CallerLimit, createCallerLimit } from './caller-limit.ts';
import { createCatalogueReads } from './catalogue-read.ts';
import { createClientOrigin, limitKeyOf } from './client-address.ts';
import { type CookieAdmission, createCookieAdmission } from './cookie-admission.ts';
import { type Cors, createCors } from './cors.ts';
import { Exchange, type ExchangeParts } from './exchange.ts';
import { createInFlightRequests, type InFlightRequests } from './in-flight-requests.ts';
import { originForm } from './origin-form.ts';
import { answerOwn, type OwnRoute } from './own-route.ts';
import { holdPlace } from './passed-stream.ts';
import { ProxyRequest } from './proxy-request.ts';
import { createRateGate, type RateGate } from './rate-gate.ts';
import { createRecorder, neitherHere } from './record-exchange.ts';
import { type BodyLimits, bodyKindOf } from './request-body.ts';
import { createRouter, type Located, type Router } from './router.ts';
import { leadToPage } from './slash-redirect.ts';

export interface RequestListener {
  handle(request: IncomingMessage, response: ServerResponse, more?: ArrivedWith): void;
  inFlight(): number;
  /** From now on each answer closes its connection; resolves when no request is under way. */
  drain(): Promise<void>;
  close(): void;
}

/** How a request arrived, where it is not an ordinary one. */
export interface ArrivedWith extends Partial<Pick<Exchange, 'expects_continue' | 'upgrade'>> {
  /** Its answer has ended, or its client has left. */
  ended?(socket: Socket): void;
}

interface Target {
  entry: RouteEntry;
  own: OwnRoute | undefined;
  logged: boolean;
  /** Faults may be injected into it. */
  faults_allowed: boolean;
  count(status: number, seconds: number, traceparent: string): void;
}

/** A service waits no longer than this for a client of whose answer no more can be held. */
const answerPauseMaxMs = 2_000;
/** Each takes some 150 kB while it lasts; further answers are not coded. */
const codedAtOnceMax = 64;
/** Longer than an injected latency. */
const chaosHoldMaxMs = 35_000;

export function createRequestListener(context: GatewayContext, ownRoutes: readonly OwnRoute[]): RequestListener {
  const { config } = context;
  const cors = createCors(config.cors_origins);
  const { verifier, chaos } = context;
  const rates = createRateGate(context);
  const admit = createAdmission({
    ...config,
    chaos_token: config.chaos_token,
    verifier,
    rates,
    api_keys: apiKeysOf(context),
    cookies: cookiesOf(context),
  });
  const router = createRouter<Target>(targetsOf(context, ownRoutes));
  const inFlight = createInFlightRequests();
  const callers = config.rate_limit === 'off' ? undefined : createCallerLimit(config.caller_requests_max);
  const begin = createBeginning(context, partsOf(context, cors, inFlight, rates), router);
  const record = createRecorder(context, rates);
  const pass = createPass(context);

  const go = (exchange: Exchange, target: Target, limit_headers: readonly string[]): void => {
    exchange.limit_headers = limit_headers;
    if (callers !== undefined && target.entry.limit !== 'none') enter(callers, exchange);
    const fault = chaos && target.faults_allowed ? chaos.injectFault() : undefined;
    if (fault === undefined) pass(exchange, target);
    else applyFault(exchange, target, fault);
  };

  /** Injected faults come first; their latency does not count towards the time limit of the route. */
  const applyFault = (exchange: Exchange, target: Target, fault: Promise<Error | undefined>): void => {
    exchange.allow(chaosHoldMaxMs);
    void fault.then((refused) => {
      if (exchange.gone) return;
      exchange.allow(target.entry.timeout_ms ?? config.route_timeout_ms);
      if (refused) exchange.refuse(refused);
      else pass(exchange, target);
    });
  };

  /** Undefined when the answer has been given already. */
  const targetFor = (exchange: Exchange, located: Located<Target> | undefined): Target | undefined => {
    const { request } = exchange;
    checkRequestLine(request, config.url_length_max);
    if (located && request.method === 'OPTIONS') {
      if (!preflight(cors, exchange, located)) exchange.send({ status: 204, headers: { allow: located.allow } });
      return undefined;
    }
    if (located === undefined && leadToPage(router, exchange)) return undefined;
    return targetOf(located, request.method ?? '');
  };

  const handle = (request: IncomingMessage, response: ServerResponse, more: ArrivedWith = {}): void => {
    const { exchange, located } = begin(request, response, more);
    let target: Target | undefined;
    const started = inFlight.started(exchange);
    response.once('close', () => {
      more.ended?.(request.socket);
      inFlight.ended(started);
      if (exchange.place !== undefined) callers?.leave(exchange.place);
      record(exchange, target);
    });
    try {
      const found = targetFor(exchange, located);
      if (found === undefined) return;
      target = found;
      exchange.entry = found.entry;
      exchange.allow(found.entry.timeout_ms ?? config.route_timeout_ms);
      const admitted = admit(found.entry, request.headers.authorization, exchange);
      if (admitted instanceof Promise) admitted.then((one) => go(exchange, found, one)).catch((error: unknown) => exchange.refuse(error));
      else go(exchange, found, admitted);
    } catch (error) {
      exchange.refuse(error);
    }
  };
  return { handle, inFlight: inFlight.count, drain: inFlight.drain, close: inFlight.close };
}

/** Lets the gateway answer by itself, from memory, or the service. */
function createPass(context: GatewayContext): (exchange: Exchange, target: Target) => void {
  const catalogue = createCatalogueReads(context);
  return (exchange, target) => {
    const limits = bodyLimitsOf(context, target);
    const kind = bodyKindOf(exchange.request, limits);
    const proxy = (): void => new ProxyRequest(context, target.entry, exchange).start(kind, limits);
    if (target.entry.streams && target.own === undefined) holdPlace(context, exchange);
    if (target.own !== undefined && 'stream' in target.own) target.own.stream(context, exchange);
    else if (target.own !== undefined && 'upgrade' in target.own) target.own.upgrade(context, exchange);
    else if (target.own) answerOwn(context, target.own, exchange, kind.kind === 'none' ? undefined : limits);
    else if (kind.kind !== 'none' || !catalogue.answer(target.entry, exchange, proxy)) proxy();
  };
}

function apiKeysOf(context: GatewayContext): AdmissionOptions['api_keys'] {
  return { find: (key) => findApiKey(context, key), exchange: (question) => exchangeApiKey(context, question) };
}

function cookiesOf(context: GatewayContext): CookieAdmission {
  const { verifier, clock } = context;
  return createCookieAdmission({ verifier, clock, renew: (question) => renewSession(context, question) });
}

function partsOf(
  { config, buffers, turn_writes, log, security }: GatewayContext,
  cors: Cors,
  inFlight: InFlightRequests,
  rates: RateGate,
): ExchangeParts {
  const { stall_timeout_ms, body_rate_min: rate_min, answer_buffer_bytes_max: bytes_max } = config;
  return {
    heads: createAnswerHeads({ cors, isDraining: inFlight.draining }),
    turn_writes,
    buffering: { budget: buffers, bytes_max, rate_min, grace_ms: stall_timeout_ms, pause_max_ms: answerPauseMaxMs },
    codings: createLimiter({ running_max: codedAtOnceMax }),
    stall_timeout_ms,
    charge: ({ entry, limit_keys }, requests) => rates.add(entry?.limit ?? 'none', limit_keys, requests),
    recordRefusal: (error, { client, correlation_id, caller, entry }) => {
      const { user_id, key } = caller ?? {};
      recordRefusedRequest(security, error, {
        client_address: client.address,
        correlation_id,
        user_id,
        api_key: key?.id,
        object: entry?.path,
      });
    },
    reportFault: (error, { correlation_id, entry }) =>
      log.error({ err: error, correlation_id, route: entry?.path }, 'a request failed because of a fault'),
  };
}

/** A place among the requests of the caller, until the answer has left. */
function enter(callers: CallerLimit, exchange: Exchange): void {
  const { caller, client } = exchange;
  const key = caller === undefined ? limitKeyOf(client.address) : callerId(caller);
  callers.enter(key);
  exchange.place = key;
}

interface Begun {
  exchange: Exchange;
  located: Located<Target> | undefined;
}

type Beginning = (request: IncomingMessage, response: ServerResponse, more: ArrivedWith) => Begun;

/** What a request is before anything is decided: who sent it, what for, and its correlation and trace context. */
function createBeginning({ config, ids, tracer }: GatewayContext, parts: ExchangeParts, router: Router<Target>): Beginning {
  const originOf = createClientOrigin(config.trusted_proxies);
  return (request, response, { expects_continue = false, upgrade }) => {
    const { headers, socket } = request;
    const url = originForm(request);
    const query = url.indexOf('?');
    const path = query < 0 ? url : url.slice(0, query);
    const located = router.find(path);
    const { method = '' } = request;
    const route = located?.methods.get(method)?.entry.path ?? neitherHere.path;
    const correlation_id = correlationIdOf(headers['x-correlation-id'], ids);
    const exchange = new Exchange(parts, {
      request,
      response,
      correlation_id,
      span: startRequestSpan(tracer, { method, path: route, correlation_id, traceparent: headers.traceparent }),
      client: originOf(
        socket.remoteAddress ?? '',
        headers['x-forwarded-for'] as string | undefined,
        headers['x-forwarded-proto'] as string | undefined,
      ),
      path,
      started: performance.now(),
      expects_continue,
      upgrade,
    });
    return { exchange, located };
  };
}

function* targetsOf(
  { metrics }: GatewayContext,
  ownRoutes: readonly OwnRoute[],
): Generator<{ method: string; path: string; value: Target }> {
  for (const entry of routeTable) {
    const { method, path, service } = entry;
    const own = ownRoutes.find((route) => route.method === method && route.path === path);
    // Declared, but not served yet: not an address.
    if (service === 'gateway' && !own) continue;
    const { count } = metrics.requests.route(method, path);
    // The status stays readable while faults are injected: it shows what they do.
    const faults_allowed = path.startsWith('/api/') && path !== getStatus.path;
    yield { method, path, value: { entry, own, count, faults_allowed, logged: !isHeartbeat(path) } };
  }
}

function targetOf(located: Located<Target> | undefined, method: string): Target {
  if (!located) throw refusal('not_found', 'There is nothing at this address.');
  const target = located.methods.get(method);
  if (target) return target;
  throw new AppError('method_not_allowed', `This address takes ${located.allow}.`, { allow: located.allow });
}

function preflight(cors: Cors, exchange: Exchange, { allow }: Located<Target>): boolean {
  const { headers } = exchange.request;
  const granted = cors.preflight(headers.origin, headers['access-control-request-method'], allow);
  if (!granted) return false;
  const answer: Record<string, string> = {};
  for (let index = 0; index < granted.length; index += 2) answer[granted[index] ?? ''] = granted[index + 1] ?? '';
  exchange.response.writeHead(204, { ...answer, vary: 'Origin', 'x-correlation-id': exchange.correlation_id });
  exchange.response.end();
  return true;
}

function bodyLimitsOf({ config }: GatewayContext, { entry }: Target): BodyLimits {
  return {
    bytes_max: entry.body_bytes_max ?? config.body_bytes_max,
    whole_bytes_max: config.body_bytes_max,
    total_ms: config.request_timeout_ms,
    rate_min: config.body_rate_min,
  };
}
