import { claimAccount, linkGuests, openGuest } from '@souk/contracts';
import { answer, type ServedRoute, serve } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { claimAccount as claim } from '../use-cases/claim-account.ts';
import { linkGuests as link } from '../use-cases/link-guests.ts';
import { openGuest as open } from '../use-cases/open-guest.ts';
import { requesterOf } from './requester-of.ts';

/** Credentials. */
const unkept = { headers: { 'cache-control': 'no-store' } };

export const guestRoutes: readonly ServedRoute<UsersContext>[] = [
  serve(openGuest, async (ctx: UsersContext, { body, idempotency_key, client_address, cause }) => {
    const { tokens, replayed } = await open(ctx, { ...body, idempotency_key, client_address, cause });
    return answer(201, tokens, { ...unkept, replayed });
  }),

  serve(claimAccount, async (ctx: UsersContext, request) => {
    const { username, password, token } = request.body;
    const user = await claim(ctx, { requester: requesterOf(request, request.caller), username, password, token, cause: request.cause });
    return user === undefined ? answer(202, { status: 'link_requested' as const }) : answer(200, user);
  }),

  serve(linkGuests, async (ctx: UsersContext, request) =>
    answer(200, { guest_user_ids: await link(ctx, requesterOf(request, request.caller), request.cause) }),
  ),
];
