import type { Webhook } from '@souk/contracts';
import type { StoredWebhook } from './webhook.ts';

/** A webhook in the shape of its contract. */
export function presentWebhook({ slow_level: _level, ...webhook }: StoredWebhook): Webhook {
  return webhook;
}
