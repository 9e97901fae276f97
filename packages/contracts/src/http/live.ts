/** Changes as they happen: streams of server-sent events that the gateway keeps open (HTML Standard, section 9.2). */
import Type from 'typebox';
import { defineRoute } from '../define-route.ts';
import { OrderId } from '../fields.ts';

export const eventStreamType = 'text/event-stream';

export const watchOrder = defineRoute({
  method: 'GET',
  path: '/api/orders/{order_id}/events',
  service: 'gateway',
  summary: 'Each change of an order as it happens, from its first or after Last-Event-ID; 204 when there is none to come',
  access: 'authenticated',
  limit: 'read',
  streams: true,
  params: Type.Object({ order_id: OrderId }),
  response_types: [eventStreamType],
  responses: { 200: Type.Unknown(), 204: null },
  errors: ['not_acceptable', 'service_unavailable', 'too_many_streams'],
});

export const liveRoutes = [watchOrder] as const;
