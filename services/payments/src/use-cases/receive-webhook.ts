import { refusal } from '@souk/contracts';
import type { PaymentsContext } from '../context.ts';
import { followHint } from './follow-hints.ts';

export interface Webhook {
  provider: string;
  body_text: string;
  header(name: string): string | undefined;
}

/**
 * A provider says that something has happened: the payment, refund or dispute is asked for now instead of later. What the webhook claims
 * is not believed. Throws `provider_unknown`, `signature_invalid`.
 */
export async function receiveWebhook(ctx: PaymentsContext, { provider, body_text, header }: Webhook): Promise<void> {
  if (provider !== ctx.provider.name) throw refusal('provider_unknown');
  const hint = await ctx.provider.verifyWebhook(body_text, header);
  if (hint !== null) await followHint(ctx, hint);
}
