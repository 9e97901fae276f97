/** Changes as they happen: streams of server-sent events that the gateway keeps open (HTML Standard, section 9.2). */
import Type from 'typebox';
import { defineRoute } from '../define-route.ts';
import { OrderId } from '../fields.ts';
import type { Scope } from '../scopes.ts';
import { idList } from './id-list.ts';

export const eventStreamType = 'text/event-stream';

export const watchOrder = defineRoute({
  method: 'GET',
  path: '/api/orders/{order_id}/events',
  service: 'gateway',
  summary: 'Each change of an order as it happens, from its first or after Last-Event-ID; 204 when there is none to come',
  access: 'authenticated',
  scope: 'orders:read',
  limit: 'read',
  streams: true,
  params: Type.Object({ order_id: OrderId }),
  query: Type.Object({}, { additionalProperties: false }),
  response_types: [eventStreamType],
  responses: { 200: Type.Unknown(), 204: null },
  errors: ['not_acceptable', 'service_unavailable', 'too_many_streams'],
});

export const watchStock = defineRoute({
  method: 'GET',
  path: '/api/stock/events',
  service: 'gateway',
  summary: 'What is available of products: as it is, then each change (events named stock)',
  access: 'public',
  scope: 'inventory:read',
  limit: 'read',
  streams: true,
  query: Type.Object({ product_ids: idList('products') }, { additionalProperties: false }),
  response_types: [eventStreamType],
  responses: { 200: Type.Unknown() },
  errors: ['not_acceptable', 'too_many_streams'],
});

/** What staff can watch: the events of the shop by what they are about. */
export const liveTopics = ['orders', 'products', 'stock'] as const;
export type LiveTopic = (typeof liveTopics)[number];

/** What an API key needs for each of them. */
export const topicScopes = { orders: 'orders:read', products: 'products:read', stock: 'inventory:read' } as const satisfies Record<
  LiveTopic,
  Scope
>;
const anyTopic = Object.values(topicScopes);

export const watchShop = defineRoute({
  method: 'GET',
  path: '/api/live/events',
  service: 'gateway',
  summary: 'The events of the shop as they are published; an event named gap says that some may be missing before it',
  access: 'staff',
  scope: anyTopic,
  limit: 'read',
  streams: true,
  query: Type.Object(
    {
      topics: Type.Optional(
        Type.String({
          text_form: 'verbatim',
          pattern: `^(?:${liveTopics.join('|')})(?:,(?:${liveTopics.join('|')})){0,${liveTopics.length - 1}}$`,
          description: `Separated by commas: ${liveTopics.join(', ')}; all without it.`,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response_types: [eventStreamType],
  responses: { 200: Type.Unknown() },
  errors: ['not_acceptable', 'too_many_streams'],
});

/** The token comes in `Authorization`, as a second subprotocol, or as a message. */
export const openWebSocket = defineRoute({
  method: 'GET',
  path: '/ws',
  service: 'gateway',
  summary: 'A WebSocket (subprotocol souk.v1) over which a client subscribes to orders, stock and, for staff, the events of the shop',
  access: 'public',
  scope: anyTopic,
  limit: 'read',
  responses: { 101: null },
  errors: ['forbidden', 'too_many_streams', 'upgrade_required'],
});

export const liveRoutes = [watchOrder, watchStock, watchShop, openWebSocket] as const;
