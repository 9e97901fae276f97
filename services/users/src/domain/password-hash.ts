/** The PHC string form of argon2id: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`, base64 without padding. */

export interface HashCost {
  memory_kib: number;
  passes: number;
  lanes: number;
}

export interface PasswordHash {
  cost: HashCost;
  salt: Uint8Array;
  tag: Uint8Array;
}

const form = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

export function printHash({ cost, salt, tag }: PasswordHash): string {
  return `$argon2id$v=19$m=${cost.memory_kib},t=${cost.passes},p=${cost.lanes}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Undefined for anything else, such as the hash of an account without sign-in. */
export function parseHash(text: string): PasswordHash | undefined {
  const [, memory, passes, lanes, salt, tag] = form.exec(text) ?? [];
  if (salt === undefined || tag === undefined) return undefined;
  return {
    cost: { memory_kib: Number(memory), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

/** Whether a hash was made at another cost than is wanted now and should be made anew at the next sign-in. */
export function isOutdated({ cost }: PasswordHash, wanted: HashCost): boolean {
  return cost.memory_kib !== wanted.memory_kib || cost.passes !== wanted.passes || cost.lanes !== wanted.lanes;
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
