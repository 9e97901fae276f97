import type { TokenPair } from '@souk/contracts';
import { emailKey } from '@souk/kernel';
import type { UsersContext } from '../context.ts';
import type { TokenClaims } from '../domain/required-interfaces.ts';
import { tokenRole } from '../domain/second-factor.ts';
import { accessTokenSeconds } from '../domain/signing-key.ts';

/** The session to issue tokens in: with the role and the address of its account, and whether that has a second factor. */
export type IssuedSession = Omit<TokenClaims, 'customer_key'> & { second_factor: boolean; email: string };

/** The pair a client gets: a signed access token and the refresh token made before. */
export async function issueTokens(
  ctx: UsersContext,
  { second_factor: confirmed, email, ...claims }: IssuedSession,
  refresh_token: string,
): Promise<TokenPair> {
  const role = tokenRole(claims.role, { confirmed, policy: ctx.config.second_factor_required });
  const customer_key = ctx.digests.sign('customer', emailKey(email));
  const access_token = await ctx.signer.sign({ ...claims, role, customer_key });
  const pair = { access_token, token_type: 'Bearer' as const, expires_in: accessTokenSeconds, refresh_token };
  return role === claims.role ? pair : { ...pair, second_factor: 'enrolment_required' };
}
