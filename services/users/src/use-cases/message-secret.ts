/** The secrets in links that are sent to people: derived when needed, checked by deriving them again. */
import { isUuid } from '@souk/kernel';
import type { Seals } from '../domain/ports.ts';
import type { MessagePurpose } from '../store/message-tokens.ts';

const sealPurpose = 'message';

export function messageSecret(seals: Seals, token_id: string, purpose: MessagePurpose): string {
  return `${token_id}.${seals.sign(sealPurpose, `${purpose}:${token_id}`)}`;
}

/** The id of the link a secret belongs to; undefined when it is not one of ours, or was made for something else. */
export function tokenIdOf(seals: Seals, secret: string, purpose: MessagePurpose): string | undefined {
  const [token_id = '', signature = ''] = secret.split('.');
  const genuine = isUuid(token_id) && seals.matches(sealPurpose, `${purpose}:${token_id}`, signature);
  return genuine ? token_id : undefined;
}
