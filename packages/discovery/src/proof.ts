/**
 * How an instance proves that it is the one that was registered, and of this installation: the caller sends a random challenge,
 * and gets its HMAC under a key that never travels. The address is part of what is signed: a stranger on a port that was left cannot
 * pass on the challenge to the true instance elsewhere. (Challenge-response after FIPS 198-1.)
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { authorityOf } from './instance.ts';

export const challengeHeader = 'x-souk-challenge';
export const proofHeader = 'x-souk-proof';

export interface Identity {
  name: string;
  instance_id: string;
  host: string;
  port: number;
}

/** For addresses of a list or of DNS: of them only the service's name is known. */
const anyone = '*';
const nonceBytes = 24;
const challengePattern = /^([a-z][a-z0-9-]{0,39}) ([A-Za-z0-9._-]{1,100}|\*) ([A-Za-z0-9_-]{32})$/;

/** A new challenge for an instance; without id and address for whichever instance of the service is there. */
export function newChallenge(name: string, instance_id: string | undefined): string {
  return `${name} ${instance_id ?? anyone} ${randomBytes(nonceBytes).toString('base64url')}`;
}

/** The proof of an instance; undefined where the challenge is for another one, or malformed. */
export function proofFor(key: Buffer, challenge: string, identity: Identity): string | undefined {
  const match = challengePattern.exec(challenge);
  if (match === null || match[1] !== identity.name || (match[2] !== identity.instance_id && match[2] !== anyone)) return undefined;
  return sign(key, challenge, match[2] === anyone ? anyone : authorityOf(identity));
}

/** Whether this is the proof for the challenge, by the instance at this address. */
export function isProof(key: Buffer, challenge: string, at: { host: string; port: number }, proof: unknown): boolean {
  if (typeof proof !== 'string') return false;
  const wanted = Buffer.from(sign(key, challenge, challenge.split(' ')[1] === anyone ? anyone : authorityOf(at)));
  const given = Buffer.from(proof);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function sign(key: Buffer, challenge: string, authority: string): string {
  return createHmac('sha256', key).update(`${challenge} ${authority}`).digest('base64url');
}
