import type { TokenPair } from '@souk/contracts';
import type { UsersContext } from '../context.ts';
import type { TokenClaims } from '../domain/required-interfaces.ts';
import { tokenRole } from '../domain/second-factor.ts';
import { accessTokenSeconds } from '../domain/signing-key.ts';

/** The session to issue tokens in: with the role of its account, and whether that has a second factor. */
export type IssuedSession = TokenClaims & { second_factor: boolean };

/** The pair a client gets: a signed access token and the refresh token made before. */
export async function issueTokens(
  ctx: UsersContext,
  { second_factor: confirmed, ...claims }: IssuedSession,
  refresh_token: string,
): Promise<TokenPair> {
  const role = tokenRole(claims.role, { confirmed, policy: ctx.config.second_factor_required });
  const access_token = await ctx.signer.sign({ ...claims, role });
  const pair = { access_token, token_type: 'Bearer' as const, expires_in: accessTokenSeconds, refresh_token };
  return role === claims.role ? pair : { ...pair, second_factor: 'enrolment_required' };
}
