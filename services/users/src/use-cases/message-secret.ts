/** The secrets in links that are sent to people: derived when needed, checked by deriving them again. */
import { isUuid } from '@souk/kernel';
import type { KeyedDigests } from '../domain/required-interfaces.ts';
import type { MessagePurpose } from '../store/message-tokens.ts';

const digestPurpose = 'message';

export function messageSecret(digests: KeyedDigests, token_id: string, purpose: MessagePurpose): string {
  return `${token_id}.${digests.sign(digestPurpose, `${purpose}:${token_id}`)}`;
}

/** The id of the link a secret belongs to; undefined when it is not one of ours, or was made for something else. */
export function tokenIdOf(digests: KeyedDigests, secret: string, purpose: MessagePurpose): string | undefined {
  const [token_id = '', signature = ''] = secret.split('.');
  const genuine = isUuid(token_id) && digests.matches(digestPurpose, `${purpose}:${token_id}`, signature);
  return genuine ? token_id : undefined;
}
