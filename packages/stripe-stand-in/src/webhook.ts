import { createHmac } from 'node:crypto';

export interface WebhookTarget {
  url: string;
  secret: string;
  /** How long ago it was signed. */
  age_s?: number;
}

/** Posts an event as Stripe does: `t=<seconds>,v1=<HMAC-SHA256 of time and body>`. */
export async function postWebhook(event: object, { url, secret, age_s = 0 }: WebhookTarget): Promise<number> {
  const body = JSON.stringify(event);
  const signed_at = Math.floor(Date.now() / 1_000) - age_s;
  const signature = createHmac('sha256', secret).update(`${signed_at}.${body}`).digest('hex');
  const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${signed_at},v1=${signature}` };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}
