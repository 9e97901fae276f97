import type { TokenPair } from '@souk/contracts';
import type { UsersContext } from '../context.ts';
import type { TokenClaims } from '../domain/ports.ts';
import { accessTokenSeconds } from '../domain/signing-key.ts';

/** The pair a client gets: a signed access token and the refresh token made before. */
export async function issueTokens(ctx: UsersContext, claims: TokenClaims, refresh_token: string): Promise<TokenPair> {
  return { access_token: await ctx.signer.sign(claims), token_type: 'Bearer', expires_in: accessTokenSeconds, refresh_token };
}
