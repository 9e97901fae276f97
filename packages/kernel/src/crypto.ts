/** What the kernel needs of cryptography, in Node. The browser's is in `crypto.browser.ts`; `#crypto` names the right one. */
import { hash, randomBytes, randomFillSync, randomUUIDv7 } from 'node:crypto';

export const newUuid = (): string => randomUUIDv7();

export const newSecret = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** The hexadecimal digits of so many random bytes, at most 64. */
export const randomHex = createRandomHex();

/** Cut from a block: the system asks as much for a few bytes as for many. */
function createRandomHex(): (bytes: number) => string {
  const block = Buffer.allocUnsafeSlow(4_096);
  let taken = block.length;
  return (bytes) => {
    if (taken + bytes > block.length) {
      randomFillSync(block);
      taken = 0;
    }
    taken += bytes;
    return block.toString('hex', taken - bytes, taken);
  };
}

/** SHA-256 of the texts one after the other, in UTF-8. In one call, which takes half as long as an object that is fed. */
export function sha256(...texts: readonly string[]): Uint8Array {
  return hash('sha256', texts.join(''), 'buffer');
}
