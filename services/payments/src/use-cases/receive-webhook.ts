import { refusal } from '@souk/contracts';
import type { PaymentsContext } from '../context.ts';
import { hurryCharge } from '../store/payments.ts';

export interface Webhook {
  provider: string;
  body_text: string;
  header(name: string): string | undefined;
}

/**
 * A provider says that something has happened: the payment is asked for now instead of later. What the webhook claims
 * is not believed. Throws `provider_unknown`, `signature_invalid`.
 */
export async function receiveWebhook(ctx: PaymentsContext, { provider, body_text, header }: Webhook): Promise<void> {
  if (provider !== ctx.provider.name) throw refusal('provider_unknown');
  const hint = ctx.provider.verifyWebhook(body_text, header);
  if (hint !== null && (await hurryCharge(ctx.db, hint.idempotency_key, ctx.clock.now()))) ctx.wakeJob('charge-payments');
}
