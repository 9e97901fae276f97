/** Who may pass: rate limit, access token and the route's policy, before anything of the body is read. */
import { type Access, refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { type Caller, createTokenGuard, includesRole, type Verifier } from '@souk/service-kit';
import type { RouteEntry } from '../route-table.ts';
import { limitKeyOf } from './client-address.ts';
import type { RateGate } from './rate-gate.ts';

export interface Visitor {
  readonly client: { readonly address: string };
  /** Set as soon as it is known who asks, also where he is refused then. */
  caller: Caller | undefined;
}

type LimitHeaders = readonly string[];

/** The headers that tell of the limit. At once when the token is remembered or none was sent; a promise when it must be verified. */
export type Admit = (entry: RouteEntry, authorization: string | undefined, visitor: Visitor) => LimitHeaders | Promise<LimitHeaders>;

export interface AdmissionOptions {
  verifier: Verifier;
  rates: RateGate;
  internal_token: string;
  /** Of drills; undefined where none are possible. */
  chaos_token: string | undefined;
}

const free: LimitHeaders = [];

export function createAdmission(options: AdmissionOptions): Admit {
  const { verifier, rates } = options;
  const isInternal = createTokenGuard(options.internal_token);
  const isChaos = options.chaos_token === undefined ? () => false : createTokenGuard(options.chaos_token);

  const admitCaller = (entry: RouteEntry, visitor: Visitor, caller: Caller): LimitHeaders => {
    visitor.caller = caller;
    const limit_headers = rates.count(entry.limit, caller.user_id);
    const needed = neededRole(entry.access);
    if (!includesRole(caller.role, needed)) throw refusal('forbidden', `This needs the role ${needed}.`, { limit_headers });
    return limit_headers;
  };
  // Whoever guesses tokens uses up what his address may ask.
  const refuseGuess = (entry: RouteEntry, { client }: Visitor, error: unknown): never => {
    if (error instanceof AppError && error.code === 'token_invalid') rates.count(entry.limit, limitKeyOf(client.address));
    throw error;
  };

  return (entry, authorization, visitor) => {
    if (entry.access === 'internal') return holderOnly(authorization, isInternal, 'services');
    if (entry.access === 'chaos') return holderOnly(authorization, isChaos, 'drills');
    if (entry.limit === 'none') return free;
    if (authorization === undefined) {
      const limit_headers = rates.count(entry.limit, limitKeyOf(visitor.client.address));
      if (entry.access !== 'public') throw refusal('token_missing', undefined, { limit_headers });
      return limit_headers;
    }
    const token = bearerToken(authorization);
    const caller = token === '' ? undefined : verifier.remembered(token);
    if (caller) return admitCaller(entry, visitor, caller);
    if (token === '')
      return refuseGuess(entry, visitor, refusal('token_invalid', 'The Authorization header must be Bearer and an access token.'));
    return verifier.verify(token).then(
      (verified) => admitCaller(entry, visitor, verified),
      (error: unknown) => refuseGuess(entry, visitor, error),
    );
  };
}

function neededRole(access: Access): Caller['role'] {
  return access === 'staff' || access === 'admin' ? access : 'customer';
}

function bearerToken(header: string): string {
  return /^bearer /i.test(header.slice(0, 7)) ? header.slice(7).trim() : '';
}

function holderOnly(authorization: string | undefined, isRight: (token: string) => boolean, whom: string): LimitHeaders {
  if (authorization === undefined) throw refusal('token_missing', `This is for ${whom} only.`);
  const token = bearerToken(authorization);
  if (isRight(token)) return free;
  // A person's token may be genuine; here it is never enough.
  if (token.split('.').length === 3) throw refusal('forbidden', `This is for ${whom} only.`);
  throw refusal('token_invalid', `The token for ${whom} is not right.`);
}
