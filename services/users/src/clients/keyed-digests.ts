/**
 * Secrets that are derived instead of stored, and the encryption of those that must be stored: an attacker with only the
 * database has neither a link, nor a token, nor a signing key. All keys are derived from the internal token, whose
 * holders may ask for links anyway.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EncryptionUse, KeyedDigests } from '../domain/required-interfaces.ts';

const nonceBytes = 12;
const checkBytes = 16;
const cipherName = 'aes-256-gcm';

export function createKeyedDigests(internal_token: string): KeyedDigests {
  const keyFor = (use: string): Buffer => Buffer.from(hkdfSync('sha256', internal_token, '', `souk users ${use}`, 32));
  const signing = keyFor('signatures');
  const sealing: Readonly<Record<EncryptionUse, Buffer>> = {
    keys: keyFor('sealed keys'),
    'second factors': keyFor('sealed second factors'),
  };
  const digest = (purpose: string, text: string): Buffer => createHmac('sha256', signing).update(`${purpose}\0${text}`).digest();
  return {
    sign: (purpose, text) => digest(purpose, text).toString('base64url'),
    matches(purpose, text, signature) {
      const given = Buffer.from(signature, 'base64url');
      const expected = digest(purpose, text);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
    seal(use, plain) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(cipherName, sealing[use], nonce);
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(use, sealed) {
      const nonce = sealed.subarray(0, nonceBytes);
      const decipher = createDecipheriv(cipherName, sealing[use], nonce, { authTagLength: checkBytes });
      decipher.setAuthTag(sealed.subarray(sealed.length - checkBytes));
      const plain = decipher.update(sealed.subarray(nonceBytes, sealed.length - checkBytes));
      try {
        return Buffer.concat([plain, decipher.final()]);
      } catch {
        // Sealed under another internal token: for the caller that is an answer, not a failure.
        return undefined;
      }
    },
  };
}
