/** Codes of authenticator apps (RFC 6238: SHA-1, six digits, 30 s, which is what every app takes), and recovery codes. */
import { hash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { OneTimeCodes } from '../domain/required-interfaces.ts';
import { plainCode } from '../domain/second-factor.ts';

const issuer = 'Souk';
const secretBytes = 20;
const periodS = 30;
/** One step to each side, for clocks that differ. */
const stepsTolerated = 1;
const recoveryCodesMade = 10;
const recoveryBytes = 10;

export function createOneTimeCodes(): OneTimeCodes {
  const generatorOf = (secret: Uint8Array, label: string): TOTP =>
    new TOTP({
      issuer,
      label,
      algorithm: 'SHA1',
      digits: 6,
      period: periodS,
      secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
    });
  return {
    newSecret: () => randomBytes(secretBytes),
    describe(secret, label) {
      const generator = generatorOf(secret, label);
      return { secret: generator.secret.base32, otpauth_uri: generator.toString() };
    },
    stepOf(secret, code, now_ms) {
      const token = plainCode(code);
      if (!/^\d{6}$/.test(token)) return undefined;
      const delta = generatorOf(secret, '').validate({ token, timestamp: now_ms, window: stepsTolerated });
      return delta === null ? undefined : Math.floor(now_ms / 1_000 / periodS) + delta;
    },
    newRecoveryCodes: () =>
      Array.from({ length: recoveryCodesMade }, () => {
        const text = new Secret({ buffer: Uint8Array.from(randomBytes(recoveryBytes)).buffer }).base32;
        return text.replaceAll(/(.{4})(?=.)/g, '$1-');
      }),
    recoveryHash: (code) => hash('sha256', plainCode(code), 'buffer'),
  };
}
