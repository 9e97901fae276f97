/** Answers a document as a stream: the one answer of a query, or an answer for each event of a subscription until its source ends. */
import { type GraphqlAnswer, refusal } from '@souk/contracts';
import { createSourceEventStream, OperationTypeNode, type ValidatedSubscriptionArgs } from 'graphql';
import type { OrderEvents } from '../clients/order-events.ts';
import {
  answerQuery,
  execute,
  type Graph,
  type Prepared,
  prepareQuery,
  type Query,
  queryParts,
  type RequestContext,
  refusedAnswer,
  requestsOf,
} from './answer-query.ts';

/** `pulse` keeps the connection open, `retry` says when to come back, `complete` that there is no need to. */
export type AnswerPart =
  | { kind: 'next'; id: string | undefined; answer: GraphqlAnswer }
  | { kind: 'retry'; ms: number }
  | { kind: 'pulse' | 'complete' };

export interface AnswerStream {
  /** As how many requests it counts, a subscription by the cost of one event. */
  requests: number;
  parts: AsyncIterable<AnswerPart>;
}

/** What is refused is an answer of the stream. Rejects with `overloaded` when too many are open. */
export async function streamQuery(
  graph: Graph,
  query: Query,
  request: RequestContext,
  last_event_id: string | undefined,
): Promise<AnswerStream> {
  let prepared: Prepared;
  try {
    prepared = prepareQuery(graph, query);
  } catch (error) {
    return single(refusedAnswer(graph, error, request));
  }
  if (prepared.args.operation.operation !== OperationTypeNode.SUBSCRIPTION) return single(await answerQuery(graph, query, request));
  const release = placeOf(graph, request);
  try {
    const source = await openSource(graph, prepared, request, last_event_id);
    return { requests: prepared.cost.requests, parts: answersOf(graph, prepared, request, source, release) };
  } catch (error) {
    release();
    return single(refusedAnswer(graph, error, request));
  }
}

function single(answer: GraphqlAnswer): AnswerStream {
  const parts = async function* (): AsyncGenerator<AnswerPart> {
    yield { kind: 'next', id: undefined, answer };
    yield { kind: 'complete' };
  };
  return { requests: requestsOf(answer), parts: parts() };
}

/** A place among the subscriptions of this process; it is given back when the client leaves too, for whom the stream may not have begun. */
function placeOf({ context }: Graph, { signal }: RequestContext): () => void {
  if (signal.aborted) throw refusal('shutting_down');
  const release = context.subscriptions.take();
  signal.addEventListener('abort', release, { once: true });
  return () => {
    signal.removeEventListener('abort', release);
    release();
  };
}

async function openSource(
  graph: Graph,
  { args }: Prepared,
  request: RequestContext,
  last_event_id: string | undefined,
): Promise<OrderEvents> {
  const contextValue = queryParts(graph, request, last_event_id);
  const opened = await createSourceEventStream({
    ...(args as ValidatedSubscriptionArgs),
    contextValue,
    externalAbortSignal: request.signal,
  });
  if (Symbol.asyncIterator in opened) return opened as OrderEvents;
  const [error] = opened.errors ?? [];
  throw error ?? new Error('a subscription has no source and no error');
}

async function* answersOf(
  graph: Graph,
  prepared: Prepared,
  request: RequestContext,
  source: OrderEvents,
  release: () => void,
): AsyncGenerator<AnswerPart> {
  try {
    for await (const part of source) {
      if (part.kind === 'line') {
        const answer = await execute(graph, prepared, request, { orderChanged: part.line }).catch((error: unknown) =>
          refusedAnswer(graph, error, request),
        );
        if (request.signal.aborted) return;
        yield { kind: 'next', id: part.id, answer };
      } else if (part.kind === 'end') yield { kind: 'complete' };
      else yield part;
    }
  } catch (error) {
    // A source that breaks off ends the stream as one whose token has ended: the client comes back with the last id it has seen.
    graph.context.log.debug({ err: error, correlation_id: request.cause.correlation_id }, 'a subscription was broken off');
  } finally {
    release();
  }
}
