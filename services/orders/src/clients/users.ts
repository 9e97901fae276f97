/** Asks `users` whether a customer is there, in the name of the member of staff who orders for them. */
import { getUser, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import { type CallContext, callService } from '@souk/service-kit';

/** Throws `service_unavailable`. */
export async function userExists(
  context: CallContext,
  user_id: string,
  client: { authorization: string | undefined; cause: Cause },
): Promise<boolean> {
  const { status } = await callService(context, context.config.users_url, getUser, { params: { user_id }, ...client });
  if (status !== 200 && status !== 404)
    throw refusal('service_unavailable', 'users does not answer as it should at the moment.', { service: 'users', status });
  return status === 200;
}
