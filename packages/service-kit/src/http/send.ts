import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { discardRest } from './discard-rest.ts';
import type { EdgeParts } from './edge-parts.ts';
import { problemOf, problemType } from './problem.ts';
import type { RequestState } from './route-request.ts';

interface WithState {
  edge_state: RequestState;
}

/** What the edge keeps of this request. */
export function stateOf(request: FastifyRequest): RequestState {
  return (request as unknown as WithState).edge_state;
}

export function keepState(request: FastifyRequest, state: RequestState): RequestState {
  (request as unknown as WithState).edge_state = state;
  return state;
}

/** Answers with the problem document of an error; a fault of ours is logged with its stack and told to nobody. */
export function sendFailure(edge: Pick<EdgeParts, 'log'>, request: FastifyRequest, reply: FastifyReply, error: unknown): void {
  const { correlation_id } = stateOf(request);
  const { status, headers, problem, fault } = problemOf(error, pathOf(request.url), correlation_id);
  const route = request.routeOptions.url;
  // A client that went away in the middle of its request is no fault of ours.
  const gone = request.raw.destroyed && !request.raw.complete;
  if (fault && !gone) edge.log.error({ err: error, correlation_id, route }, 'a request failed because of a fault');
  else edge.log.debug({ code: problem.code, detail: problem.detail, correlation_id, route }, 'a request was refused');
  // Half an answer may be out already: breaking off is the only honest end.
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  reply.code(status).headers(headers).type(problemType);
  const content = JSON.stringify(problem);
  if (headers['connection'] === 'close' && isStillSending(request)) sendAndLinger(request, reply, content);
  else reply.send(content);
}

function isStillSending({ raw }: FastifyRequest): boolean {
  return !raw.complete && (raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0);
}

/** The connection ends with this answer, but only after the client had the chance to read it. */
function sendAndLinger(request: FastifyRequest, reply: FastifyReply, content: string): void {
  const { raw } = reply.hijack();
  raw.writeHead(reply.statusCode, { ...(reply.getHeaders() as OutgoingHttpHeaders), 'content-length': Buffer.byteLength(content) });
  raw.write(content);
  discardRest(request.raw, () => raw.end());
}

/** The path of an address, without its query, which may hold what must not be repeated. */
function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
