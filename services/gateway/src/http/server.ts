/** The gateway's HTTP server: Node's own, with its limits set, and a stop that finishes what is under way. */
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { openWebSocket } from '@souk/contracts';
import { AppError, doneWithin, pause } from '@souk/kernel';
import { createClientErrorHandler } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import { routeTable } from '../route-table.ts';
import { createProxyTrust } from './client-address.ts';
import { limitConnections } from './connection-limits.ts';
import type { ArrivedWith, RequestListener } from './request-listener.ts';

export interface GatewayServer {
  /** Resolves with the port; throws `port_taken`. */
  listen(): Promise<number>;
  /**
   * Takes no more connections. Those that are open are answered once more and closed with that answer; when none asks any more, the
   * idle ones are closed. After `deadline_ms` everything is cut.
   */
  close(deadline_ms: number): Promise<void>;
}

const connectionsCheckMs = 500;
/** A client that has not asked for so long is taken to be idle when the server closes. */
const quietMs = 500;
/** A turn of the event loop that is shorter has done little but accept; under full load none may be. */
const shortTurnMs = 0.3;
const turnsMax = 200;

export function createGatewayServer(context: GatewayContext, listener: RequestListener): GatewayServer {
  const { config, ids, metrics } = context;
  const server = createServer(
    {
      maxHeaderSize: config.headers_bytes_max,
      headersTimeout: config.headers_timeout_ms,
      // The longest any route takes; shorter limits are kept for each exchange.
      requestTimeout: Math.max(config.request_timeout_ms, ...routeTable.map(({ timeout_ms = 0 }) => timeout_ms)),
      keepAliveTimeout: config.keep_alive_timeout_ms,
      connectionsCheckingInterval: connectionsCheckMs,
      requireHostHeader: false,
      insecureHTTPParser: false,
      optimizeEmptyRequests: true,
      shouldUpgradeCallback: ({ url = '', headers }) =>
        url.split('?', 1)[0] === openWebSocket.path && headers.upgrade?.toLowerCase() === 'websocket',
    },
    (request, response) => take(request, response),
  );
  const connections = limitConnections(server, {
    connections_max: config.client_connections_max,
    address_connections_max: config.address_connections_max,
    isTrusted: createProxyTrust(config.trusted_proxies),
    closed: (reason) => metrics.count('souk_gateway_connections_closed_total', { reason }),
  });
  let last_request_at = Number.NEGATIVE_INFINITY;
  const ordinary: ArrivedWith = { ended: connections.idle };
  const take = (request: IncomingMessage, response: ServerResponse, more = ordinary): void => {
    last_request_at = performance.now();
    connections.busy(request.socket);
    listener.handle(request, response, more);
  };
  const refused = createClientErrorHandler(ids, (status) => metrics.count('souk_gateway_malformed_total', { status: String(status) }));
  server.on('checkContinue', (request, response) => take(request, response, { ...ordinary, expects_continue: true }));
  server.on('checkExpectation', (request, response) => take(request, response));
  server.on('upgrade', (request, socket, head) => {
    const response = responseOn(request, socket);
    // Another protocol cannot begin before what was asked on the same connection is answered.
    if (response === undefined) socket.destroy();
    else take(request, response, { upgrade: { socket, head } });
  });
  server.on('clientError', (error, socket) => refused(error, socket as Parameters<typeof refused>[1]));
  server.on('connect', (_request, socket) => refused(new Error('CONNECT is not taken'), socket as Parameters<typeof refused>[1]));
  metrics.gauge('souk_http_requests_in_flight', () => [{ labels: {}, value: listener.inFlight() }]);
  return {
    listen: () => listen(server, config.host, config.port),
    async close(deadline_ms) {
      // Without another gateway a later end helps no client.
      const isOneOfSeveral = context.instances.table
        .of('gateway')
        .some((other) => other.instance_id !== context.instance_id && other.healthy);
      const silence = (): number => (isOneOfSeveral ? performance.now() - last_request_at : Number.POSITIVE_INFINITY);
      const ended = context.live.streams.drain(deadline_ms / 2);
      // Clients that are just connecting become clients that are connected: those the system holds in its queue would be reset.
      if (silence() < quietMs) await pause(Math.min(quietMs, deadline_ms / 4));
      // Before any answer ends its connection: the client would connect anew at once, after the last accept and before the close, and be reset.
      const closed = await stopAccepting(server);
      const drained = listener.drain();
      await quiet(silence, deadline_ms / 4);
      server.close();
      await doneWithin(Promise.all([drained, ended]), deadline_ms);
      server.closeAllConnections();
      listener.close();
      await closed.done;
    },
  };
}

/**
 * Closes the listening socket right after the event loop has accepted all that waited, in a turn of the loop in which little else was done:
 * a client that connects between the two is reset. Connections stay as they are: the server's own close would cut those that are idle at this
 * moment, also under a request that is on its way.
 */
async function stopAccepting(server: Server): Promise<{ done: Promise<void> }> {
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const began = performance.now();
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (performance.now() - began < shortTurnMs) break;
  }
  return { done: new Promise((done) => NetServer.prototype.close.call(server, () => done())) };
}

/** Resolves when no request has come for `quietMs`: clients that were busy know by then that their connections end. */
async function quiet(silence: () => number, at_most_ms: number): Promise<void> {
  const ends = performance.now() + at_most_ms;
  while (silence() < quietMs && performance.now() < ends) await pause(Math.min(quietMs - silence(), ends - performance.now()));
}

/**
 * The way to refuse a request whose connection has been given away for another protocol; it ends with that answer. Undefined while an
 * earlier request of the connection has its answer still to come.
 */
function responseOn(request: IncomingMessage, socket: Duplex): ServerResponse | undefined {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  try {
    response.assignSocket(socket as Socket);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_HTTP_SOCKET_ASSIGNED') return undefined;
    throw error;
  }
  response.once('finish', () => (socket as Socket).destroySoon());
  socket.on('error', () => socket.destroy());
  return response;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') reject(error);
      else reject(new AppError('port_taken', `Port ${port} of ${host} is taken.`, { host, port }, error));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
