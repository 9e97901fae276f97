import { confirmSecondFactor, disableSecondFactor, enrolSecondFactor, getSecondFactor, resetSecondFactor } from '@souk/contracts';
import { answer, noContent, type ServedRoute, serve } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import {
  confirmSecondFactor as confirm,
  disableSecondFactor as disable,
  enrolSecondFactor as enrol,
  getSecondFactor as read,
  resetSecondFactor as reset,
} from '../use-cases/set-up-second-factor.ts';
import { requesterOf } from './requester-of.ts';

/** Credentials, and what is known of them. */
const unkept = { headers: { 'cache-control': 'no-store' } };

export const secondFactorRoutes: readonly ServedRoute<UsersContext>[] = [
  serve(getSecondFactor, async (ctx: UsersContext, request) => answer(200, await read(ctx, requesterOf(request, request.caller)), unkept)),

  serve(enrolSecondFactor, async (ctx: UsersContext, request) =>
    answer(201, await enrol(ctx, requesterOf(request, request.caller), request.body.current_password), unkept),
  ),

  serve(confirmSecondFactor, async (ctx: UsersContext, request) => {
    const recovery_codes = await confirm(ctx, requesterOf(request, request.caller), request.body.code);
    return answer(200, { recovery_codes }, unkept);
  }),

  serve(disableSecondFactor, async (ctx: UsersContext, request) => {
    await disable(ctx, requesterOf(request, request.caller), request.body.current_password);
    return noContent();
  }),

  serve(resetSecondFactor, async (ctx: UsersContext, request) => {
    await reset(ctx, requesterOf(request, request.caller), request.params.user_id);
    return noContent();
  }),
];
