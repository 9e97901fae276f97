import { getMessageSecret, refusal } from '@souk/contracts';
import { callService } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import type { PendingNotification } from '../domain/compose.ts';
import { linksToOrder } from '../domain/templates.ts';

const paths: Readonly<Record<string, string>> = { verify_email: '/verify-email', password_reset: '/password-reset' };

/** The link of a requested message, made with the secret the users service gives out at this moment; the secret alone where links lead nowhere. */
async function findSecretLink(ctx: NotificationsContext, token_id: string, traceparent: string | undefined): Promise<string> {
  const answer = await callService(ctx, ctx.config.users_url, getMessageSecret, { params: { token_id }, internal: true, traceparent });
  if (answer.status !== 200 || answer.body.secret === null) throw refusal('secret_invalid', 'The link was used already or is too old.');
  const { secret, purpose } = answer.body;
  return linkWith(ctx, paths[purpose] ?? '/', secret);
}

/** From the moment the mail leaves. */
const orderLinkMs = 2_592_000_000;
const orderLinkPath = '/order-link';
/** Where on the page of an order its returns are: a browser keeps it as it is led on. */
const returnsPlace = '#returns';

/** What stands in a message in place of its link at the moment it leaves; undefined where it has none. */
export async function findLink(
  ctx: NotificationsContext,
  { token_id, event_type, order_id }: Pick<PendingNotification, 'token_id' | 'event_type' | 'order_id'>,
  traceparent: string | undefined,
): Promise<string | undefined> {
  if (token_id !== null) return findSecretLink(ctx, token_id, traceparent);
  if (order_id === null || !linksToOrder(event_type, ctx.config.shop_url !== undefined)) return undefined;
  const link = linkWith(ctx, orderLinkPath, ctx.order_links.sign(order_id, ctx.clock.now() + orderLinkMs));
  return event_type === 'return.updated' ? `${link}${returnsPlace}` : link;
}

function linkWith({ config: { shop_url } }: NotificationsContext, path: string, secret: string): string {
  return shop_url === undefined ? secret : `${shop_url.replace(/\/$/, '')}${path}?token=${encodeURIComponent(secret)}`;
}
