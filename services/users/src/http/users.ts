import {
  changeUser,
  deleteUser,
  getMe,
  getUser,
  listAdministrators,
  listUsers,
  putUser,
  registerUser,
  setRole,
  type User,
} from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import {
  type Answer,
  answer,
  encodeCursor,
  listedIds,
  noContent,
  page,
  type RouteRequest,
  type ServedRoute,
  serve,
} from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { changeUser as change } from '../use-cases/change-user.ts';
import { eraseUser } from '../use-cases/erase-user.ts';
import { getUser as find, getMe as findMe } from '../use-cases/get-user.ts';
import { giveRole } from '../use-cases/give-role.ts';
import { listAdministrators as listThem } from '../use-cases/list-administrators.ts';
import { getUsers, listUsers as list } from '../use-cases/list-users.ts';
import { registerUser as register } from '../use-cases/register-user.ts';
import { requesterOf } from './requester-of.ts';

export const userRoutes: readonly ServedRoute<UsersContext>[] = [
  serve(registerUser, async (ctx: UsersContext, request) => {
    const { body, caller, cause } = request;
    const requester = caller && requesterOf(request, caller);
    const user = await register(ctx, body, requester, cause);
    return answer(201, user, { etag: user.version, location: `/api/users/${user.id}` });
  }),

  serve(listUsers, async (ctx: UsersContext, request) => {
    const { query } = request;
    const ids = listedIds(query, 'ids');
    if (ids !== undefined) return answer(200, await getUsers(ctx, requesterOf(request, request.caller), ids));
    const { limit, skip, after } = page(query, isId);
    const { users, next } = await list(ctx, requesterOf(request, request.caller), {
      part: query.q,
      email: query.email,
      before: after,
      skip,
      limit,
    });
    return answer(200, users, { next_cursor: next ? encodeCursor(next) : null });
  }),

  serve(listAdministrators, async (ctx: UsersContext) => answer(200, { user_ids: await listThem(ctx) })),

  serve(getMe, async (ctx: UsersContext, request) => {
    const user = await findMe(ctx, requesterOf(request, request.caller));
    return answer(200, user, { etag: user.version });
  }),

  serve(getUser, async (ctx: UsersContext, request) => {
    const user = await find(ctx, requesterOf(request, request.caller), request.params.user_id);
    return answer(200, user, { etag: user.version });
  }),

  serve(putUser, (ctx: UsersContext, request) => changeAccount(ctx, request)),
  serve(changeUser, (ctx: UsersContext, request) => changeAccount(ctx, request)),

  serve(deleteUser, async (ctx: UsersContext, request) => {
    const { params, body, if_match, cause } = request;
    const { current_password } = body;
    await eraseUser(ctx, { requester: requesterOf(request, request.caller), user_id: params.user_id, current_password, if_match, cause });
    return noContent();
  }),

  serve(setRole, async (ctx: UsersContext, request) => {
    const { params, body, if_match, cause } = request;
    const user = await giveRole(ctx, {
      requester: requesterOf(request, request.caller),
      user_id: params.user_id,
      role: body.role,
      if_match,
      cause,
    });
    return answer(200, user, { etag: user.version });
  }),
];

/** PUT changes what it names, as PATCH does: ADR 18. */
async function changeAccount(
  ctx: UsersContext,
  request: RouteRequest<typeof changeUser> | RouteRequest<typeof putUser>,
): Promise<Answer<User>> {
  const { params, body, if_match, cause } = request;
  const user = await change(ctx, {
    requester: requesterOf(request, request.caller),
    user_id: params.user_id,
    change: body,
    if_match,
    cause,
  });
  return answer(200, user, { etag: user.version });
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
