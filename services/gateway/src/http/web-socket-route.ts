/** `GET /ws`: from the handshake to the connection. The handshake is admitted and limited as any request. */
import { liveProtocol, openWebSocket, refusal, tokenProtocolPrefix } from '@souk/contracts';
import { type Caller, callerId } from '@souk/service-kit';
import { WebSocketServer } from 'ws';
import type { GatewayContext } from '../context.ts';
import { bearerToken } from './admission.ts';
import { limitKeyOf } from './client-address.ts';
import type { Exchange, Upgrade } from './exchange.ts';
import { LiveSocket } from './live-socket.ts';
import type { UpgradingRoute } from './own-route.ts';

const messageBytesMax = 4_096;
const keyForm = /^[A-Za-z0-9+/]{22}==$/;

export function webSocketRoute(): UpgradingRoute {
  const exchanges = new WeakMap<object, Exchange>();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: messageBytesMax,
    handleProtocols: (protocols) => (protocols.has(liveProtocol) ? liveProtocol : false),
  });
  server.on('headers', (headers, request) => {
    const exchange = exchanges.get(request);
    if (exchange !== undefined) headers.push(`x-correlation-id: ${exchange.correlation_id}`, `traceparent: ${exchange.span.traceparent}`);
  });

  const accept = async (context: GatewayContext, exchange: Exchange): Promise<void> => {
    const upgrade = checkHandshake(context, exchange);
    const { caller, ends_at } = await callerOf(context, exchange);
    if (exchange.gone) return;
    const place = { end: (): void => exchange.refuse(refusal('shutting_down')) };
    const leave = context.live.streams.enter(caller === undefined ? limitKeyOf(exchange.client.address) : callerId(caller), place);
    exchange.response.once('close', leave);
    exchanges.set(exchange.request, exchange);
    server.handleUpgrade(exchange.request, upgrade.socket, upgrade.head, (socket) => {
      exchange.becomeSocket();
      const ended = (reason: string): void => context.metrics.count('souk_gateway_streams_ended_total', { reason });
      const live = new LiveSocket({ context, exchange, socket, caller, ends_at, ended });
      exchange.answerer = live;
      place.end = () => live.end();
    });
  };
  return {
    method: openWebSocket.method,
    path: openWebSocket.path,
    upgrade: (context, exchange) => {
      accept(context, exchange).catch((error: unknown) => exchange.refuse(error));
    },
  };
}

/** Throws `upgrade_required`, `header_invalid`, and `forbidden` for a page of a foreign origin. */
function checkHandshake({ config }: GatewayContext, { request, upgrade }: Exchange): Upgrade {
  // A handshake is a GET (RFC 6455, section 4.1); HEAD is answered as GET without one.
  if (upgrade === undefined || request.method !== 'GET') throw refusal('upgrade_required');
  const { headers } = request;
  if (headers['sec-websocket-version'] !== '13') throw refusal('header_invalid', 'Sec-WebSocket-Version must be 13.');
  if (!keyForm.test(headers['sec-websocket-key'] ?? '')) throw refusal('header_invalid', 'Sec-WebSocket-Key must be 16 bytes in base64.');
  const protocols = protocolsOf(headers['sec-websocket-protocol']);
  if (protocols.length > 0 && !protocols.includes(liveProtocol))
    throw refusal('header_invalid', `Sec-WebSocket-Protocol must name ${liveProtocol}.`);
  const { origin, host } = headers;
  const isOwn = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (!isOwn && !config.cors_origins.split(',').some((allowed) => allowed.trim() === origin))
    throw refusal('forbidden', 'Pages of this origin may not connect: it is not in CORS_ORIGINS.');
  return upgrade;
}

/** Who connects, by the header, which has been verified, or by the subprotocol. Throws `token_invalid` and `keys_unavailable`. */
async function callerOf(
  { verifier, clock }: GatewayContext,
  { request, caller }: Exchange,
): Promise<{ caller: Caller | undefined; ends_at: number }> {
  const { authorization } = request.headers;
  const protocol = protocolsOf(request.headers['sec-websocket-protocol']).find((name) => name.startsWith(tokenProtocolPrefix));
  const token = authorization === undefined ? protocol?.slice(tokenProtocolPrefix.length) : bearerToken(authorization);
  if (token === undefined) return { caller: undefined, ends_at: Number.POSITIVE_INFINITY };
  const known = caller ?? (await verifier.verify(token));
  return { caller: known, ends_at: performance.now() + verifier.endOf(token) - clock.now() };
}

function protocolsOf(header: string | undefined): readonly string[] {
  return header === undefined ? [] : header.split(',').map((name) => name.trim());
}
