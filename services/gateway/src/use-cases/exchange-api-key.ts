/**
 * API keys end at the gateway: behind it an access token stands for the key. `users` is asked again every half minute, so a key that
 * was deleted, or whose creator lost the rights, is refused within that time. While `users` does not answer, what is known goes on
 * until its token ends, nine minutes after it was asked for, and a key that is not known cannot be decided.
 */
import { type ExchangedKey, exchangeApiKey as exchangeRoute, refusal } from '@souk/contracts';
import { apiKeyRefused } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import type { KnownKey } from '../workers/key-memory.ts';

export interface KeyQuestion {
  key: string;
  /** Of the key, as its form says. */
  key_id: string;
  correlation_id: string;
  traceparent: string;
}

const askedEveryMs = 30_000;
/** After a question without an answer. */
const pauseMs = 5_000;
const waitMs = 1_000;
/** A token that is sent now must be good until the service has read it. */
const tokenMarginMs = 60_000;

export type FoundKey = KnownKey & {
  /** Good without a question. */
  is_fresh: boolean;
};

/** What is known of a key here. */
export function findApiKey({ api_keys, clock }: GatewayContext, key: string): FoundKey | undefined {
  const now_ms = clock.now();
  const known = api_keys.find(key, now_ms);
  return known && { ...known, is_fresh: known.ask_at > now_ms };
}

/** Asks `users` about a key. Refuses with `token_invalid`, and with `service_unavailable` where it is not known and cannot be asked about. */
export function exchangeApiKey(context: GatewayContext, question: KeyQuestion): Promise<KnownKey> {
  return context.api_keys.renew(question.key, () => knownAfter(context, question));
}

async function knownAfter(context: GatewayContext, question: KeyQuestion): Promise<KnownKey> {
  const { api_keys, clock } = context;
  const { key, key_id } = question;
  let answer: ExchangedKey;
  try {
    answer = await ask(context, question);
  } catch (error) {
    const known = api_keys.find(key, clock.now());
    if (known === undefined) throw error;
    context.log.warn({ err: error, api_key: key_id }, 'an API key goes on without a question to users');
    return { ...known, ask_at: clock.now() + pauseMs };
  }
  const { access_token, expires_in, refused } = answer;
  if (access_token === null) {
    api_keys.forget(key);
    throw apiKeyRefused(`api_key_${refused ?? 'unknown'}`, key_id);
  }
  const now_ms = clock.now();
  const lifetime_ms = expires_in * 1_000;
  return {
    caller: await context.verifier.verify(access_token),
    access_token,
    ends_at: now_ms + Math.max(lifetime_ms - tokenMarginMs, Math.min(lifetime_ms, askedEveryMs)),
    ask_at: now_ms + Math.min(lifetime_ms, askedEveryMs),
  };
}

/** Throws `service_unavailable`. */
async function ask({ keys, service_client }: GatewayContext, { key, correlation_id, traceparent }: KeyQuestion): Promise<ExchangedKey> {
  const { status, body } = await service_client.ask('users', {
    path: exchangeRoute.path,
    headers: {
      authorization: `Bearer ${keys.internalToken('users')}`,
      'x-correlation-id': correlation_id,
      traceparent,
    },
    body: { key },
    timeout_ms: waitMs,
  });
  const answer = body as ExchangedKey | undefined;
  if (status === 200 && (typeof answer?.access_token === 'string' || answer?.access_token === null)) return answer;
  throw refusal('service_unavailable', 'users does not answer as it should at the moment.', { service: 'users', status });
}
