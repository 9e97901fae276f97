/**
 * Answers a document of the graph. In this order, each step cheaper than the next: its length, its size, whether it is valid, what it
 * costs, and only then the services are asked.
 */
import { type GraphqlAnswer, pointsOfRequest, refusal } from '@souk/contracts';
import {
  executeRootSelectionSet,
  type GraphQLSchema,
  OperationTypeNode,
  type ValidatedExecutionArgs,
  validateExecutionArgs,
} from 'graphql';
import { followOrder } from '../clients/order-events.ts';
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

export interface Graph {
  readonly context: WebContext;
  readonly schema: GraphQLSchema;
  readonly documentOf: DocumentSource;
  readonly introspects: boolean;
}

/** An operation that may be executed. */
export interface Prepared {
  args: ValidatedExecutionArgs;
  cost: NonNullable<GraphqlAnswer['extensions']>['cost'];
}

const executionMs = 8_000;

/** Throws `config_invalid` when a registered document cannot be used. */
export function createGraph(context: WebContext): Graph {
  const { config } = context;
  const schema = createSchema();
  const introspects = config.graphql_introspection ?? config.node_env !== 'production';
  return { context, schema, introspects, documentOf: createDocumentSource(schema, config, introspects) };
}

/** Never rejects: what is refused is in the errors of the answer. */
export async function answerQuery(graph: Graph, query: Query, request: RequestContext): Promise<GraphqlAnswer> {
  try {
    const { args, cost } = prepareQuery(graph, query);
    if (args.operation.operation === OperationTypeNode.SUBSCRIPTION)
      throw refusal('not_acceptable', 'A subscription is answered as a stream: send Accept: text/event-stream.');
    return await execute(graph, { args, cost }, request, undefined);
  } catch (error) {
    return refusedAnswer(graph, error, request);
  }
}

/** As how many requests an answer counts; one that was refused as one. */
export function requestsOf({ extensions }: GraphqlAnswer): number {
  return extensions?.cost.requests ?? 1;
}

/** An answer that says why there is none. */
export function refusedAnswer({ context }: Graph, error: unknown, request: RequestContext): GraphqlAnswer {
  const presenting = presentingOf(context, request);
  if (!(error instanceof InvalidDocument)) return { errors: presentErrors([error], presenting) };
  return { errors: presentErrors(error.errors, { ...presenting, code: error.code }) };
}

function presentingOf({ log }: WebContext, { cause }: RequestContext): ErrorContext {
  return { log, correlation_id: cause.correlation_id, code: 'graphql_invalid' };
}

/** Throws `InvalidDocument`, and the refusals of documents. */
export function prepareQuery({ schema, documentOf, introspects }: Graph, query: Query): Prepared {
  const args = validateExecutionArgs({
    schema,
    document: documentOf(query),
    variableValues: query.variables ?? {},
    operationName: query.operation_name ?? null,
    hideSuggestions: !introspects,
    options: { maxCoercionErrors: findingsMax },
  });
  if (!('operation' in args)) throw new InvalidDocument(args, 'validation_failed');
  const requested = costOf(schema, args);
  return { args, cost: { requested, max: costMax, requests: Math.max(1, Math.ceil(requested / pointsOfRequest)) } };
}

/** What the parts of one answer share. */
export function queryParts({ context }: Graph, request: RequestContext, last_event_id?: string): QueryParts {
  const read = createServiceReader(context, request);
  return {
    isSignedIn: request.authorization !== undefined,
    read,
    loaders: createLoaders(read),
    follow: (order_id) => followOrder(context, { order_id, last_event_id, request }),
  };
}

/** Executes an operation, for an event of a subscription from that. Throws `upstream_timeout`, and `shutting_down` when the request was aborted. */
export async function execute(graph: Graph, { args, cost }: Prepared, request: RequestContext, rootValue: unknown): Promise<GraphqlAnswer> {
  const time = AbortSignal.timeout(executionMs);
  const signal = AbortSignal.any([request.signal, time]);
  const contextValue = queryParts(graph, { ...request, signal });
  try {
    const { data, errors } = await executeRootSelectionSet({ ...args, rootValue, contextValue, externalAbortSignal: signal });
    const presented = errors && { errors: presentErrors(errors, presentingOf(graph.context, request)) };
    return { data: data ?? null, ...presented, extensions: { cost } };
  } catch (error) {
    if (time.aborted) throw refusal('upstream_timeout', 'The answer was not complete in time.', {}, error);
    throw request.signal.aborted ? refusal('shutting_down', undefined, {}, error) : error;
  }
}
