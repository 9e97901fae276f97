/**
 * Answers a document of the graph. In this order, each step cheaper than the next: its length, its size, whether it is valid, what it
 * costs, and only then the services are asked.
 */
import { type GraphqlAnswer, refusal } from '@souk/contracts';
import { executeRootSelectionSet, type GraphQLSchema, validateExecutionArgs } from 'graphql';
import { createServiceReader, type RequestContext } from '../clients/service-reader.ts';
import type { WebContext } from '../context.ts';
import { createSchema } from './graphql-schema.ts';
import { createLoaders } from './loaders.ts';
import { createDocumentSource, type DocumentSource, findingsMax, InvalidDocument, type Named } from './prepare-document.ts';
import { costMax, costOf } from './query-cost.ts';
import { type ErrorContext, presentErrors } from './query-errors.ts';
import type { QueryParts } from './resolvers.ts';

export type { RequestContext };

export interface Query extends Named {
  operation_name: string | undefined;
  variables: Readonly<Record<string, unknown>> | undefined;
}

/** Never rejects: what is refused is in the errors of the answer. */
export type AnswerQuery = (query: Query, request: RequestContext) => Promise<GraphqlAnswer>;

const executionMs = 8_000;

/** Throws `config_invalid` when a registered document cannot be used. */
export function createQueryAnswerer(context: WebContext): AnswerQuery {
  const { config, log } = context;
  const schema = createSchema();
  const introspects = config.graphql_introspection ?? config.node_env !== 'production';
  const documentOf = createDocumentSource(schema, config, introspects);
  return async (query, request) => {
    const presenting: ErrorContext = { log, correlation_id: request.cause.correlation_id, code: 'graphql_invalid' };
    try {
      return await execute(context, { schema, documentOf, introspects }, query, request, presenting);
    } catch (error) {
      return { errors: presentErrors(error instanceof InvalidDocument ? error.errors : [error], presenting) };
    }
  };
}

interface Graph {
  schema: GraphQLSchema;
  documentOf: DocumentSource;
  introspects: boolean;
}

async function execute(
  context: WebContext,
  { schema, documentOf, introspects }: Graph,
  query: Query,
  request: RequestContext,
  presenting: ErrorContext,
): Promise<GraphqlAnswer> {
  const time = AbortSignal.timeout(executionMs);
  const signal = AbortSignal.any([request.signal, time]);
  const read = createServiceReader(context, { ...request, signal });
  const contextValue: QueryParts = { isSignedIn: request.authorization !== undefined, read, loaders: createLoaders(read) };
  const args = validateExecutionArgs({
    schema,
    document: documentOf(query),
    contextValue,
    variableValues: query.variables ?? {},
    operationName: query.operation_name ?? null,
    abortSignal: signal,
    hideSuggestions: !introspects,
    options: { maxCoercionErrors: findingsMax },
  });
  if (!('operation' in args)) return { errors: presentErrors(args, { ...presenting, code: 'validation_failed' }) };
  const requested = costOf(schema, args);
  try {
    const { data, errors } = await executeRootSelectionSet(args);
    const cost = { requested, max: costMax };
    return { data: data ?? null, ...(errors && { errors: presentErrors(errors, presenting) }), extensions: { cost } };
  } catch (error) {
    if (time.aborted) throw refusal('upstream_timeout', 'The answer was not complete in time.', {}, error);
    throw request.signal.aborted ? refusal('shutting_down', undefined, {}, error) : error;
  }
}
