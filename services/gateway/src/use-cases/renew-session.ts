/** The session of a browser is renewed on the way of a request whose access token ends soon or has ended: no script and no page has to. */
import { refreshLogin, type TokenPair } from '@souk/contracts';
import type { GatewayContext } from '../context.ts';
import type { Renewal } from '../workers/session-renewals.ts';

export interface RenewalQuestion {
  refresh_token: string;
  client_address: string;
  correlation_id: string;
  traceparent: string;
}

const waitMs = 2_000;

/** Asks `users` for the next pair of tokens, once for all who ask at the same time. It may be asked again: the same token has the same successor for a while. */
export function renewSession(context: GatewayContext, question: RenewalQuestion): Promise<Renewal> {
  return context.renewals.renew(question.refresh_token, () => ask(context, question));
}

async function ask({ keys, service_client, log }: GatewayContext, question: RenewalQuestion): Promise<Renewal> {
  const { refresh_token, client_address, correlation_id, traceparent } = question;
  try {
    const { status, body } = await service_client.ask('users', {
      path: refreshLogin.path,
      headers: {
        'x-souk-gateway': keys.gatewayToken('users'),
        'x-forwarded-for': client_address,
        'x-correlation-id': correlation_id,
        traceparent,
      },
      body: { refresh_token },
      timeout_ms: waitMs,
    });
    const pair = body as TokenPair | undefined;
    if (status === 200 && typeof pair?.access_token === 'string' && typeof pair.refresh_token === 'string') return pair;
    return status === 400 || status === 401 ? 'ended' : 'away';
  } catch (error) {
    log.debug({ err: error, correlation_id }, 'a session could not be renewed');
    return 'away';
  }
}
