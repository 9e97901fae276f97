import { type GraphqlAnswer, refusal, requestsHeader, runGraphql, runRegisteredGraphql } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { type Answer, answer, prefersEventStream, type RouteRequest, readJson, type ServedRoute, serve } from '@souk/service-kit';
import type { WebContext } from '../context.ts';
import { answerQuery, type Graph, type Query, type RequestContext, requestsOf } from '../use-cases/answer-query.ts';
import { streamQuery } from '../use-cases/stream-query.ts';
import { eventStreamAnswer } from './event-stream-answer.ts';

/** What is public may be kept for as long as an answer of the catalogue. */
const publicControl = 'public, max-age=1, stale-while-revalidate=5';

export function graphqlRoutes(graph: Graph): ServedRoute<WebContext>[] {
  return [
    serve(runGraphql, async ({ stopping }: WebContext, request) => {
      const { query: text, id, operationName: operation_name, variables } = request.body;
      if ((text === undefined) === (id === undefined)) throw refusal('validation_failed', 'Send either query or id.');
      const query = { text, id, operation_name: operation_name ?? undefined, variables: variables ?? undefined };
      const context = contextOf(request, stopping);
      if (takesEvents(request)) return streamed(graph, query, context, request);
      return counted(await answerQuery(graph, query, context), {});
    }),
    serve(runRegisteredGraphql, async ({ stopping }: WebContext, request) => {
      const { id, operationName: operation_name, variables } = request.query;
      const context = contextOf(request, stopping);
      const query = { text: undefined, id, operation_name, variables: variables === undefined ? undefined : variablesOf(variables) };
      if (takesEvents(request)) return streamed(graph, query, context, request);
      return publicAnswer(await answerQuery(graph, query, context), context.authorization === undefined);
    }),
  ];
}

/** A stream of which only the head is wanted would have no end. */
function takesEvents(request: RouteRequest): boolean {
  return request.method !== 'HEAD' && prefersEventStream(request.header('accept'));
}

async function streamed(graph: Graph, query: Query, context: RequestContext, request: RouteRequest): Promise<Answer<never>> {
  return eventStreamAnswer(await streamQuery(graph, query, context, request.header('last-event-id')));
}

/** What the services are asked with: the caller's own token. */
function contextOf(request: RouteRequest, stopping: AbortSignal): RequestContext {
  const { caller, cause, signal, client_address } = request;
  return { authorization: request.header('authorization'), caller, client_address, cause, signal: AbortSignal.any([signal, stopping]) };
}

/** An answer to a caller without a token is the same for all of them; one with errors is not to be kept. */
function publicAnswer(body: GraphqlAnswer, isPublic: boolean): Answer<GraphqlAnswer> {
  const control = isPublic && body.errors === undefined ? publicControl : 'private, no-store';
  return counted(body, { 'cache-control': control, vary: 'Authorization, Accept' });
}

function counted(body: GraphqlAnswer, headers: Readonly<Record<string, string>>): Answer<GraphqlAnswer> {
  return answer(200, body, { headers: { ...headers, [requestsHeader]: String(requestsOf(body)) } });
}

function variablesOf(text: string): Record<string, unknown> {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refusal('validation_failed', 'The query is not valid: variables is not a JSON object.', { pointer: '/variables' });
  return value as Record<string, unknown>;
}

/** Undefined for what is no JSON as we take it: a member of a query is refused like any other. */
function parsed(text: string): unknown {
  try {
    return readJson(Buffer.from(text));
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
