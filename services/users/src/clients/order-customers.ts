import { findCustomersWithOrders, refusal } from '@souk/contracts';
import { type CallContext, callService } from '@souk/service-kit';

/** Those of the people who have ever ordered. Throws `service_unavailable` while orders cannot say so. */
export async function customersWithOrders(context: CallContext, user_ids: readonly string[]): Promise<string[]> {
  const { status, body } = await callService(context, context.config.orders_url, findCustomersWithOrders, {
    body: { user_ids: [...user_ids] },
    internal: true,
  });
  if (status !== 200)
    throw refusal('service_unavailable', 'orders does not answer as it should at the moment.', { service: 'orders', status });
  return body.user_ids;
}
