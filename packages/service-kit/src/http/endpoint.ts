/** One route on the wire: admit, read, check, handle, answer. Built once for each route; a request allocates only what it keeps. */
import { refusal } from '@souk/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.ts';
import { isHeartbeat } from '../observe/request-log.ts';
import { type Answer, entityTag } from './answer.ts';
import { createBodyReader } from './body-reader.ts';
import { requestCause } from './correlation.ts';
import { discardRest } from './discard-rest.ts';
import type { EdgeParts } from './edge-parts.ts';
import { createGatekeeper } from './gatekeeper.ts';
import { namesTag } from './preconditions.ts';
import { checkRequestLine } from './request-line.ts';
import { endRequestSpan } from './request-span.ts';
import { EdgeRequest, type RouteRequest } from './route-request.ts';
import { sendFailure, stateOf } from './send.ts';
import type { ServedRoute } from './serve.ts';
import { createParamsReader, createQueryReader } from './url-validator.ts';

export interface Endpoint {
  onRequest(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void;
  handler(request: FastifyRequest, reply: FastifyReply): void;
  onResponse(request: FastifyRequest, reply: FastifyReply, done: () => void): void;
}

const jsonType = 'application/json; charset=utf-8';

export function createEndpoint<C>(edge: EdgeParts, served: ServedRoute<C>, context: C): Endpoint {
  const { route } = served;
  const admit = createGatekeeper(route.access, edge);
  const bodyReader = createBodyReader(route, edge.body_bytes_max);
  const readParams = createParamsReader(route.params);
  const readQuery = createQueryReader(route.query);
  const observe = createObserver(edge, route);
  // Decided once: where no drill is possible, no request pays for it.
  const chaos = route.path.startsWith('/api/') ? edge.chaos : undefined;

  const run = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const state = stateOf(request);
    try {
      const params = readParams(request.params);
      const query = readQuery(request.url);
      const { body, body_text, raw_body } = bodyReader.read(request);
      const cause = requestCause(state.correlation_id, state.span.traceparent, state.caller?.actor);
      const given = new EdgeRequest({ route, request, reply, state, cause, params, query, body, body_text, raw_body });
      const answer = await served.handler(context, given as unknown as RouteRequest);
      sendAnswer(request, reply, answer);
    } catch (error) {
      sendFailure(edge, request, reply, error);
    }
  };

  /** What a drill has in store for the request comes first. */
  const struck: Endpoint['handler'] = (request, reply) => {
    const blow = chaos?.meet();
    if (blow === undefined) void run(request, reply);
    else void blow.then((refused) => (refused ? sendFailure(edge, request, reply, refused) : run(request, reply)));
  };

  return {
    onRequest(request, reply, done) {
      const state = edge.begin(request, reply, route.path);
      // The framework reports answers that were sent; a client that has left before is noticed here.
      reply.raw.once('close', () => observe(request, reply, () => undefined));
      try {
        if (edge.isDraining()) throw refusal('shutting_down');
        checkRequestLine(request.raw, edge.url_length_max);
        const admitted = admit(request.headers.authorization);
        bodyReader.checkHeaders(request);
        if (admitted instanceof Promise) {
          admitted.then((caller) => admitCaller(state, caller, done), done);
          return;
        }
        state.caller = admitted;
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    handler: chaos === undefined ? (request, reply) => void run(request, reply) : struck,
    onResponse: route.body_type === undefined ? observe : afterStream(observe),
  };
}

/** A handler may have answered before the end of a streamed body; what is left must not stand in the way of the next request. */
function afterStream(observe: Endpoint['onResponse']): Endpoint['onResponse'] {
  return (request, reply, done) => {
    const { raw } = request;
    if (!raw.complete && !raw.destroyed) discardRest(raw, () => (raw.complete ? undefined : raw.destroy()));
    observe(request, reply, done);
  };
}

function admitCaller(state: { caller: Caller | undefined }, caller: Caller, done: () => void): void {
  state.caller = caller;
  done();
}

/** Counts the request and writes its line; the route is named as declared, never as addressed. */
export function createObserver(edge: EdgeParts, route: { method: string; path: string }): Endpoint['onResponse'] {
  const figures = edge.metrics.requests.route(route.method, route.path);
  const logged = edge.log_requests && !isHeartbeat(route.path);
  return (request, reply, done) => {
    const state = stateOf(request);
    if (state.observed) {
      done();
      return;
    }
    state.observed = true;
    const status = reply.raw.writableFinished ? reply.raw.statusCode : 499;
    const ms = reply.elapsedTime;
    edge.end();
    figures.count(status, ms / 1_000, state.span.traceparent);
    endRequestSpan(state.span, status);
    if (logged) edge.logRequest(request, route.path, status, ms);
    done();
  };
}

function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer): void {
  const { status, body, text, options } = answer;
  if (options !== undefined && applyOptions(request, reply, answer) === 304) {
    reply.code(304).send();
    return;
  }
  reply.code(status);
  if (text !== undefined) reply.type(jsonType).send(text);
  else if (body === undefined || body === null || status === 204) reply.send();
  else if (options?.headers?.['content-type'] !== undefined) reply.send(body);
  else reply.type(jsonType).send(JSON.stringify(body));
}

/** Sets the headers of an answer; 304 when the client has this version already. */
function applyOptions(request: FastifyRequest, reply: FastifyReply, { status, options }: Answer): number {
  if (options === undefined) return status;
  if (options.headers) reply.headers(options.headers);
  if (options.location !== undefined) reply.header('location', options.location);
  if (options.replayed) reply.header('idempotency-replayed', 'true');
  if (options.next_cursor) reply.header('link', `<${nextUrl(request.url, options.next_cursor)}>; rel="next"`);
  if (options.etag === undefined) return status;
  const tag = entityTag(options.etag);
  reply.header('etag', tag);
  const known = request.headers['if-none-match'];
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return status === 200 && isRead && known !== undefined && namesTag(known, tag) ? 304 : status;
}

/** The request's own address with the cursor of the next page; `skip` has been used up by the first. */
function nextUrl(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?', 2);
  const members = query.split('&').filter((pair) => pair !== '' && !/^(cursor|skip)=/.test(pair));
  return `${path}?${[...members, `cursor=${encodeURIComponent(cursor)}`].join('&')}`;
}
