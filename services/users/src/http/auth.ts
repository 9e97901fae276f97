import {
  confirmPasswordReset,
  endOtherSessions,
  getKeySet,
  getMessageSecret,
  listSessions,
  login,
  logout,
  logoutEverywhere,
  refreshLogin,
  requestPasswordReset,
  rotateSigningKeys,
  verifyEmail,
} from '@souk/contracts';
import { answer, noContent, type ServedRoute, serve } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { endOtherSessions as endOthers, listSessions as readSessions } from '../use-cases/list-sessions.ts';
import { refreshSession } from '../use-cases/refresh-session.ts';
import { requestPasswordReset as requestReset } from '../use-cases/request-password-reset.ts';
import { getKeySet as readKeySet, rotateKeys } from '../use-cases/rotate-keys.ts';
import { signIn } from '../use-cases/sign-in.ts';
import { signOut, signOutEverywhere } from '../use-cases/sign-out.ts';
import {
  verifyEmail as confirmEmail,
  confirmPasswordReset as confirmReset,
  getMessageSecret as readSecret,
} from '../use-cases/use-message-secret.ts';
import { requesterOf } from './requester-of.ts';

/** Credentials. */
const unkept = { headers: { 'cache-control': 'no-store' } };
/** A new key is published long before its use, so that a set this old is good enough. */
const keySetCaching = { headers: { 'cache-control': 'public, max-age=300' } };

export const authRoutes: readonly ServedRoute<UsersContext>[] = [
  serve(login, async (ctx: UsersContext, { body, client_address, correlation_id }) =>
    answer(200, await signIn(ctx, body, { client_address, correlation_id }), unkept),
  ),

  serve(refreshLogin, async (ctx: UsersContext, { body, client_address }) =>
    answer(200, await refreshSession(ctx, body.refresh_token, client_address), unkept),
  ),

  serve(logout, async (ctx: UsersContext, { body, client_address }) => {
    await signOut(ctx, body.refresh_token, client_address);
    return noContent();
  }),

  serve(logoutEverywhere, async (ctx: UsersContext, request) => {
    await signOutEverywhere(ctx, requesterOf(request, request.caller));
    return noContent();
  }),

  serve(listSessions, async (ctx: UsersContext, request) => answer(200, await readSessions(ctx, requesterOf(request, request.caller)))),

  serve(endOtherSessions, async (ctx: UsersContext, request) => {
    await endOthers(ctx, requesterOf(request, request.caller));
    return noContent();
  }),

  serve(requestPasswordReset, async (ctx: UsersContext, { body, cause }) => {
    await requestReset(ctx, body.email, cause);
    return answer(202, { status: 'accepted' as const });
  }),

  serve(confirmPasswordReset, async (ctx: UsersContext, { body, client_address, cause }) => {
    await confirmReset(ctx, { secret: body.token, password: body.password, client_address, cause });
    return noContent();
  }),

  serve(verifyEmail, async (ctx: UsersContext, { body, cause }) => {
    await confirmEmail(ctx, body.token, cause);
    return noContent();
  }),

  serve(getKeySet, async (ctx: UsersContext) => answer(200, await readKeySet(ctx), keySetCaching)),

  serve(getMessageSecret, async (ctx: UsersContext, { params }) => answer(200, await readSecret(ctx, params.token_id), unkept)),

  serve(rotateSigningKeys, async (ctx: UsersContext) => answer(200, await rotateKeys(ctx))),
];
