/** Asks `users` whether a customer is there, in the name of the member of staff who orders for them. */
import { getUser, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import { type CallContext, callService } from '@souk/service-kit';

/** Throws `service_unavailable`, and `scope_missing` for an API key that may not read accounts. */
export async function userExists(
  context: CallContext,
  user_id: string,
  client: { authorization: string | undefined; cause: Cause },
): Promise<boolean> {
  const { status, body } = await callService(context, context.config.users_url, getUser, { params: { user_id }, ...client });
  if (status === 403 && (body as { code?: string } | undefined)?.code === 'scope_missing')
    throw refusal('scope_missing', 'To order for a customer the API key needs the scope users:read as well.');
  if (status !== 200 && status !== 404)
    throw refusal('service_unavailable', 'users does not answer as it should at the moment.', { service: 'users', status });
  return status === 200;
}
