/** Password hashes by the argon2id of Node's own crypto, computed in its thread pool. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type HashCost, isOutdated, type PasswordHash, parseHash, printHash } from '../domain/password-hash.ts';
import type { PasswordHasher } from '../domain/required-interfaces.ts';

const derive = promisify(argon2);
const saltBytes = 16;
const tagBytes = 32;

export function createArgonHasher(cost: HashCost): PasswordHasher {
  // The password of no account: unknown accounts cost as much time as known ones.
  const unknownUser: PasswordHash = { cost, salt: randomBytes(saltBytes), tag: randomBytes(tagBytes) };
  return {
    async hash(password) {
      const salt = randomBytes(saltBytes);
      return printHash({ cost, salt, tag: await tagOf(password, { cost, salt, tag: new Uint8Array(tagBytes) }) });
    },
    async verify(password, text) {
      const known = text === undefined ? undefined : parseHash(text);
      const wanted = known ?? unknownUser;
      const equal = timingSafeEqual(await tagOf(password, wanted), wanted.tag);
      return { matches: equal && known !== undefined, outdated: isOutdated(wanted, cost) };
    },
  };
}

/** The same password typed on two keyboards may come in two Unicode forms; NFKC makes them one. */
function tagOf(password: string, { cost, salt, tag }: PasswordHash): Promise<Buffer> {
  return derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce: salt,
    memory: cost.memory_kib,
    passes: cost.passes,
    parallelism: cost.lanes,
    tagLength: tag.length,
  });
}
