/** An order joined with its customer and products. The order decides; a part that cannot be had is named, never dropped silently. */
import type { Order, OrderDetails, Product, User } from '@souk/contracts';
import { mapBounded } from '@souk/kernel';
import type { GatewayContext } from '../context.ts';

export interface DetailsCommand {
  order_id: string;
  authorization: string | undefined;
  correlation_id: string;
  traceparent: string;
  signal: AbortSignal;
}

/** The joined order, or what the orders service answered instead. */
export type DetailsOutcome = { found: OrderDetails } | { refused: { status: number; body: unknown; retry_after: string | undefined } };

const orderTimeoutMs = 5_000;
const productsAtOnce = 8;

export async function getOrderDetails(context: GatewayContext, command: DetailsCommand): Promise<DetailsOutcome> {
  const headers = {
    'x-correlation-id': command.correlation_id,
    traceparent: command.traceparent,
    ...(command.authorization === undefined ? {} : { authorization: command.authorization }),
  };
  const path = `/api/orders/${encodeURIComponent(command.order_id)}`;
  const answer = await context.service_client.ask('orders', { path, headers, timeout_ms: orderTimeoutMs, signal: command.signal });
  if (answer.status !== 200) {
    const retry_after = answer.headers['retry-after'];
    return {
      refused: { status: answer.status, body: answer.body, retry_after: typeof retry_after === 'string' ? retry_after : undefined },
    };
  }
  const order = answer.body as Order;
  const signal = AbortSignal.any([command.signal, AbortSignal.timeout(context.config.aggregation_part_timeout_ms)]);
  const part = <T>(service: string, address: string): Promise<T | null> => partOf<T>(context, service, { path: address, headers, signal });
  const product_ids = [...new Set(order.items.map(({ product_id }) => product_id))];
  const [user, products] = await Promise.all([
    part<User>('users', `/api/users/${order.user_id}`),
    mapBounded(product_ids, productsAtOnce, (product_id) => part<Product>('products', `/api/products/${product_id}`)),
  ]);
  const found = products.filter((product) => product !== null);
  const incomplete = [...(user === null ? ['user'] : []), ...(found.length < product_ids.length ? ['products'] : [])];
  return { found: { order, user, products: found, incomplete } };
}

/** A part of the answer; null when it cannot be had in time, for whatever reason (which is logged). */
async function partOf<T>(
  context: GatewayContext,
  service: string,
  of: { path: string; headers: Record<string, string>; signal: AbortSignal },
): Promise<T | null> {
  try {
    const { status, body } = await context.service_client.ask(service, { ...of, timeout_ms: context.config.aggregation_part_timeout_ms });
    if (status === 200) return body as T;
    context.log.debug({ service, status, correlation_id: of.headers['x-correlation-id'] }, 'a part of an order could not be read');
  } catch (error) {
    context.log.debug({ err: error, service, correlation_id: of.headers['x-correlation-id'] }, 'a part of an order could not be read');
  }
  context.metrics.count('souk_gateway_parts_missing_total', { upstream: service });
  return null;
}
