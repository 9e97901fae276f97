/** One declared route as Fastify takes it: its schemas, who is admitted, the handler and its answer. Built once for each route. */
import { deprecationHeaders, type RouteDeclaration, refusal } from '@souk/contracts';
import { isHeartbeat, type SecurityLog } from '@souk/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { recordRefusedRequest } from '../auth/record-refused-request.ts';
import type { ChaosSwitch } from '../chaos/chaos-switch.ts';
import { createGatekeeper, type Keys } from './admission.ts';
import { absentBody, addBodyParsers, createBodyHeadersCheck } from './body.ts';
import { discardRest } from './discard-rest.ts';
import type { Beginning } from './request-flow.ts';
import { checkRequestLine } from './request-line.ts';
import { decorateRequests, type RouteRequest } from './route-request.ts';
import { answerWith } from './send.ts';
import { compileSerialiser } from './serialisation.ts';
import type { ServedRoute } from './serve.ts';
import { compileValidator } from './validation.ts';

type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

/** What all endpoints of a server share. */
export interface EndpointParts extends Keys {
  /** Where faults can be injected. */
  chaos: ChaosSwitch | undefined;
  security: SecurityLog;
  body_bytes_max: number;
  url_length_max: number;
  isDraining(): boolean;
  /** What begins the requests that are counted and logged as this route. */
  beginningOf(route: Pick<RouteDeclaration, 'method' | 'path'>): Beginning;
}

const paramLengthMax = 1_000;

/** How addresses are read; the validator reads the query, because what reads it here must not refuse anything. */
export const routerOptions = {
  maxParamLength: paramLengthMax,
  querystringParser: (text: string) => text as unknown as Record<string, unknown>,
};

/** Makes a server read requests and write answers as declared routes promise it. */
export function readAndWrite(app: FastifyInstance, body_bytes_max: number): void {
  app.setValidatorCompiler(compileValidator).setSerializerCompiler(compileSerialiser);
  decorateRequests(app);
  addBodyParsers(app, body_bytes_max);
}

/** A route with everything a service does on a request before its handler. */
export function endpointOf<C>(parts: EndpointParts, served: ServedRoute<C>, context: C): RouteOptions {
  const { route } = served;
  const { preValidation = [], ...options } = routeOptionsOf(served, context);
  // Decided once: where no fault can be injected, no request pays for it.
  const faults = route.path.startsWith('/api/') ? parts.chaos : undefined;
  return {
    ...options,
    onRequest: admit(parts, route),
    preValidation: [...(faults ? [injectFaults(faults)] : []), preValidation].flat(),
    onResponse: route.body_type === undefined ? [] : [discardStream],
  };
}

/** A route with its schemas and its handler only. */
function routeOptionsOf<C>({ route, handler }: ServedRoute<C>, context: C): RouteOptions {
  return {
    method: route.method,
    url: patternOf(route.path),
    schema: schemasOf(route),
    ...(route.body && route.body_bytes_max !== undefined && { bodyLimit: route.body_bytes_max }),
    preValidation: route.body ? [absentBody(route.body)] : [],
    handler: async (request, reply) => answerWith(route, request, reply, await handler(context, request as unknown as RouteRequest)),
  };
}

/** `/api/orders/{order_id}` as the router writes it. */
export function patternOf(path: string): string {
  return path.replaceAll(/\{([a-z_]+)\}/g, ':$1');
}

function schemasOf({ path, params, query, body, responses }: RouteDeclaration): NonNullable<RouteOptions['schema']> {
  const response = Object.fromEntries(Object.entries(responses).filter(([, schema]) => schema !== null));
  return {
    // Parameters are checked for what no text may hold also where nothing is declared of them.
    ...((params ?? path.includes('{')) && { params: params ?? {} }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    response,
  };
}

/** Decides by headers alone, before anything of the body is read. */
function admit(parts: EndpointParts, route: RouteDeclaration): Hook {
  // Prometheus sends its token to every process; where it is not asked for it does not matter.
  const callerOf = route.access === 'public' && isHeartbeat(route.path) ? () => undefined : createGatekeeper(route, parts);
  const begin = parts.beginningOf(route);
  const deprecation = deprecationHeaders(route);
  const checkBodyHeaders = createBodyHeadersCheck(route, parts.body_bytes_max);
  const refuse = (request: FastifyRequest, error: unknown): Error => {
    const { client_address, correlation_id, caller } = request;
    recordRefusedRequest(parts.security, error, { client_address, correlation_id, user_id: caller?.user_id, api_key: caller?.key?.id });
    return error as Error;
  };
  return (request, reply, done) => {
    request.route = route;
    begin(request, reply);
    for (const [name, value] of deprecation) reply.header(name, value);
    let refused: Error | undefined;
    try {
      if (parts.isDraining()) throw refusal('shutting_down');
      checkRequestLine(request.raw, parts.url_length_max);
      const caller = callerOf(request.headers.authorization);
      if (caller instanceof Promise) {
        caller
          .then((verified) => {
            request.caller = verified;
            checkBodyHeaders(request.headers);
          })
          .then(
            () => done(),
            (error) => done(refuse(request, error)),
          );
        return;
      }
      request.caller = caller;
      checkBodyHeaders(request.headers);
    } catch (error) {
      refused = refuse(request, error);
    }
    done(refused);
  };
}

function injectFaults(faults: ChaosSwitch): Hook {
  return (_request, _reply, done) => {
    const fault = faults.injectFault();
    if (fault === undefined) done();
    else void fault.then((refused) => done(refused));
  };
}

/** A handler may have answered before the end of a streamed body; what is left must not stand in the way of the next request. */
const discardStream: Hook = ({ raw }, _reply, done) => {
  if (!raw.complete && !raw.destroyed) discardRest(raw, () => (raw.complete ? undefined : raw.destroy()));
  done();
};
