import { type GraphqlAnswer, refusal, runGraphql, runRegisteredGraphql } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { type Answer, answer, type RouteRequest, readJson, type ServedRoute, serve } from '@souk/service-kit';
import type { WebContext } from '../context.ts';
import type { AnswerQuery, RequestContext } from '../use-cases/answer-query.ts';

/** What is public may be kept for as long as an answer of the catalogue. */
const publicControl = 'public, max-age=1, stale-while-revalidate=5';

export function graphqlRoutes(answerQuery: AnswerQuery): ServedRoute<WebContext>[] {
  return [
    serve(runGraphql, async ({ stopping }: WebContext, request) => {
      const { query: text, id, operationName: operation_name, variables } = request.body;
      if ((text === undefined) === (id === undefined)) throw refusal('validation_failed', 'Send either query or id.');
      const query = { text, id, operation_name: operation_name ?? undefined, variables: variables ?? undefined };
      return answer(200, await answerQuery(query, contextOf(request, stopping)));
    }),
    serve(runRegisteredGraphql, async ({ stopping }: WebContext, request) => {
      const { id, operationName: operation_name, variables } = request.query;
      const context = contextOf(request, stopping);
      const query = { text: undefined, id, operation_name, variables: variables === undefined ? undefined : variablesOf(variables) };
      return publicAnswer(await answerQuery(query, context), context.authorization === undefined);
    }),
  ];
}

/** What the services are asked with: the caller's own token. */
function contextOf(request: RouteRequest, stopping: AbortSignal): RequestContext {
  return { authorization: request.header('authorization'), cause: request.cause, signal: AbortSignal.any([request.signal, stopping]) };
}

/** An answer to a caller without a token is the same for all of them; one with errors is not to be kept. */
function publicAnswer(body: GraphqlAnswer, isPublic: boolean): Answer<GraphqlAnswer> {
  const control = isPublic && body.errors === undefined ? publicControl : 'private, no-store';
  return answer(200, body, { headers: { 'cache-control': control, vary: 'Authorization' } });
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
