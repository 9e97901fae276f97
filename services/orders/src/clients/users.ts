/** Asks `users` about customers, in the name of the member of staff who orders for them or searches their orders. */
import { getUser, listUsers, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import { type CallContext, callService } from '@souk/service-kit';

/** Whose request it is. */
export interface Client {
  authorization: string | undefined;
  cause: Cause;
}

/** Throws `service_unavailable`, and `scope_missing` for an API key that may not read accounts. */
export async function userExists(context: CallContext, user_id: string, client: Client): Promise<boolean> {
  const { status, body } = await callService(context, context.config.users_url, getUser, { params: { user_id }, ...client });
  if (status !== 404) checkAnswer(status, body, 'To order for a customer');
  return status === 200;
}

/** The accounts and guests that have the address, the newest hundred; throws as `userExists` does, and `forbidden` for who is no staff any more. */
export async function accountsOf(context: CallContext, email: string, client: Client): Promise<string[]> {
  const { status, body } = await callService(context, context.config.users_url, listUsers, { query: { email, limit: 100 }, ...client });
  checkAnswer(status, body, 'To search by address');
  return body.map(({ id }) => id);
}

function checkAnswer(status: number, body: unknown, purpose: string): void {
  if (status === 200) return;
  const { code } = (body ?? {}) as { code?: string };
  if (status === 403 && code === 'scope_missing')
    throw refusal('scope_missing', `${purpose} the API key needs the scope users:read as well.`);
  if (status === 403) throw refusal('forbidden', 'Only staff may do this.');
  throw refusal('service_unavailable', 'users does not answer as it should at the moment.', { service: 'users', status });
}
