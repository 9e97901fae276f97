/**
 * Secrets of webhooks and what they sign (Standard Webhooks 1.0). They sign each attempt, so they are kept: sealed under a key that is
 * derived from the internal token and is not in the database.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '@souk/kernel';
import type { WebhookSecrets } from '../domain/required-interfaces.ts';

const cipherName = 'aes-256-gcm';
const nonceBytes = 12;
const checkBytes = 16;
const secretBytes = 32;
const prefix = 'whsec_';

export function createWebhookSecrets(internal_token: string): WebhookSecrets {
  const key = Buffer.from(hkdfSync('sha256', internal_token, '', 'souk notifications sealed webhook secrets', 32));
  const open = (sealed: Uint8Array): Buffer => {
    const decipher = createDecipheriv(cipherName, key, sealed.subarray(0, nonceBytes), { authTagLength: checkBytes });
    decipher.setAuthTag(sealed.subarray(sealed.length - checkBytes));
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - checkBytes)), decipher.final()]);
  };
  return {
    create() {
      const secret = randomBytes(secretBytes);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(cipherName, key, nonce);
      const sealed = Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
      return { shown: `${prefix}${secret.toString('base64')}`, sealed };
    },
    sign({ id, timestamp_s, body }, sealed) {
      const secrets = sealed.flatMap((one) => {
        try {
          return [open(one)];
        } catch {
          // Sealed under another internal token: the others still sign.
          return [];
        }
      });
      if (secrets.length === 0)
        throw new AppError('config_invalid', 'The secrets of the webhook are sealed under another INTERNAL_TOKEN; rotate its secret.');
      const content = `${id}.${timestamp_s}.${body}`;
      return secrets.map((secret) => `v1,${createHmac('sha256', secret).update(content).digest('base64')}`).join(' ');
    },
  };
}
