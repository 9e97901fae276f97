/** Asks every service what it durably knows of an order, and explains the order from that. */
import {
  dataServices,
  defineRoute,
  type OrderExplanation,
  type OrderRecords,
  orderRecordsRoute,
  refusal,
  type ServiceName,
} from '@souk/contracts';
import { askService, type CallOptions } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';
import { type JoinedRecords, joinRecords } from '../domain/joined-records.ts';
import { explanationOf } from '../domain/order-explanation.ts';

/** Also of the order's number, which only orders knows. */
export type RecordsRequest = Pick<CallOptions<ReturnType<typeof routeOf>>, 'cause' | 'signal'>;

const answerTimeoutMs = 4_000;

/** Throws `not_found`, and `service_unavailable` while orders is away: without it nothing can be said. */
export async function explainOrder(context: OperationsContext, order: string, request: RecordsRequest): Promise<OrderExplanation> {
  return explanationOf(await readJoinedRecords(context, order, request));
}

/** What all services know of one order. Other services than orders that do not answer are named in `incomplete`. */
export async function readJoinedRecords(context: OperationsContext, order: string, request: RecordsRequest): Promise<JoinedRecords> {
  const first = await read(context, 'orders', order, {}, request);
  const own = first.parts.order;
  if (own === undefined)
    throw refusal(
      'not_found',
      `The row of order ${first.order_id} is gone, only its history is left: run souk audit --order ${first.order_id}.`,
    );
  const query = own.correlation_id === null ? {} : { correlation_id: own.correlation_id };
  const incomplete: string[] = [];
  const others = await Promise.all(
    dataServices
      .filter((service) => service !== 'orders')
      .map(async (service) => {
        try {
          return [await read(context, service, own.id, query, request)];
        } catch (error) {
          context.log.warn({ service, err: error }, 'the records of an order could not be read');
          incomplete.push(service);
          return [];
        }
      }),
  );
  // Once more with the correlation, by which dead letters without their content are found.
  const orders = await read(context, 'orders', own.id, query, request);
  const read_at_ms = context.clock.now();
  return joinRecords(orders.parts.order ?? own, [orders, ...others.flat()], { incomplete: incomplete.sort(), read_at_ms });
}

function routeOf(service: ServiceName) {
  return defineRoute({ ...orderRecordsRoute, service });
}

async function read(
  context: OperationsContext,
  service: ServiceName,
  order: string,
  query: { correlation_id?: string },
  request: RecordsRequest,
): Promise<OrderRecords> {
  const options = { ...request, params: { order }, query, internal: true, timeout_ms: answerTimeoutMs };
  return (await askService(context, routeOf(service), options)).body;
}
