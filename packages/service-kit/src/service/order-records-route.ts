import { defineRoute, type OrderRecordParts, type OrderRecords, orderRecordsRoute, refusal, type ServiceName } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { deadLettersAbout, unsentEventsAbout } from '@souk/messaging';
import { answer } from '../http/answer.ts';
import { type ServedRoute, serve } from '../http/serve.ts';
import { readable } from './audit-page.ts';
import type { ServiceContext } from './context.ts';

/** What a service has of its own about orders. */
export interface OrderRecordsReader<C> {
  read(context: C, order_id: string): Promise<OrderRecordParts>;
  /** The id of the order with this number; only where numbers are known. */
  idOf?(context: C, order_number: string): Promise<string | undefined>;
}

const none: OrderRecordsReader<unknown> = { read: async () => ({}) };

/** `GET /internal/orders/{order}/records`: what the service durably knows of one order, its messaging tables included. */
export function orderRecordsRouteOf<C extends ServiceContext>(service: ServiceName, reader: OrderRecordsReader<C> = none): ServedRoute<C> {
  const route = defineRoute({ ...orderRecordsRoute, service });
  return serve(route, async (context: C, { params, query }) => {
    const order_id = isUuid(params.order) ? params.order : await reader.idOf?.(context, params.order);
    if (order_id === undefined) throw refusal('not_found', 'There is no such order.');
    const [parts, unsent_events, dead_letters] = await readable(service, () =>
      Promise.all([
        reader.read(context, order_id),
        unsentEventsAbout(context.db, order_id),
        deadLettersAbout(context.db, order_id, query.correlation_id),
      ]),
    );
    return answer<OrderRecords>(200, { service, order_id, parts, unsent_events, dead_letters });
  });
}
