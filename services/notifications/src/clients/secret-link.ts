import { getMessageSecret, refusal } from '@souk/contracts';
import { callService } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';

const paths: Readonly<Record<string, string>> = { verify_email: '/verify-email', password_reset: '/password-reset' };

/** The link of a requested message, made with the secret the users service gives out at this moment; the secret alone where links lead nowhere. */
export async function findSecretLink(ctx: NotificationsContext, token_id: string, traceparent: string | undefined): Promise<string> {
  const answer = await callService(ctx, ctx.config.users_url, getMessageSecret, { params: { token_id }, internal: true, traceparent });
  if (answer.status !== 200 || answer.body.secret === null) throw refusal('secret_invalid', 'The link was used already or is too old.');
  const { secret, purpose } = answer.body;
  const { shop_url } = ctx.config;
  return shop_url === undefined ? secret : `${shop_url.replace(/\/$/, '')}${paths[purpose] ?? '/'}?token=${encodeURIComponent(secret)}`;
}
