import type { RouteRequest } from '@souk/service-kit';
import { openLinkedParts } from '../use-cases/load-parts.ts';
import type { OrderKeys } from '../use-cases/opened-order.ts';
import { orderLinkOf } from './order-link-cookie.ts';
import type { Visit } from './serve-page.ts';

/** What a browser shows to open this order: the session of its person, and a link that it has opened. */
export function orderKeys({ context, parts }: Visit, request: RouteRequest, order_id: string): OrderKeys {
  const link = orderLinkOf(request, order_id);
  const { client_address, cause, signal } = request;
  const linked = link === undefined ? undefined : openLinkedParts(context, { client_address, cause, signal }, link);
  return { parts, linked };
}
