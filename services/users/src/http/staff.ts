import * as routes from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { answer, encodeCursor, noContent, page, type ServedRoute, serve } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { endSessionsOf } from '../use-cases/end-sessions-of.ts';
import { readStaff, readStaffActions } from '../use-cases/read-staff.ts';
import { requesterOf } from './requester-of.ts';

export const staffHttpRoutes: readonly ServedRoute<UsersContext>[] = [
  serve(routes.listStaff, async (ctx: UsersContext, request) => {
    const { limit, skip, after } = page(request.query, isId);
    const { entries, next } = await readStaff(ctx, requesterOf(request, request.caller), { before: after, skip, limit });
    return answer(200, entries, { next_cursor: next ? encodeCursor(next) : null });
  }),

  serve(routes.listStaffActions, async (ctx: UsersContext, request) => {
    const { limit, skip, after } = page(request.query, isId);
    const wanted = { by: request.query.by, before: after, skip, limit };
    const { entries, next } = await readStaffActions(ctx, requesterOf(request, request.caller), wanted);
    return answer(200, entries, { next_cursor: next ? encodeCursor(next) : null });
  }),

  serve(routes.endSessionsOf, async (ctx: UsersContext, request) => {
    await endSessionsOf(ctx, requesterOf(request, request.caller), request.params.user_id);
    return noContent();
  }),
];

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
