import { createApiKey, deleteApiKey, exchangeApiKey, listApiKeys } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { answer, encodeCursor, noContent, page, type ServedRoute, serve } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { createApiKey as create } from '../use-cases/create-api-key.ts';
import { deleteApiKey as remove } from '../use-cases/delete-api-key.ts';
import { exchangeApiKey as exchange } from '../use-cases/exchange-api-key.ts';
import { listApiKeys as list } from '../use-cases/list-api-keys.ts';
import { requesterOf } from './requester-of.ts';

/** Credentials. */
const unkept = { headers: { 'cache-control': 'no-store' } };

export const apiKeyHttpRoutes: readonly ServedRoute<UsersContext>[] = [
  serve(createApiKey, async (ctx: UsersContext, request) => {
    const created = await create(ctx, requesterOf(request, request.caller), request.body);
    return answer(201, created, { ...unkept, location: `/api/api-keys/${created.id}` });
  }),

  serve(listApiKeys, async (ctx: UsersContext, request) => {
    const { limit, skip, after } = page(request.query, isId);
    const { keys, next } = await list(ctx, requesterOf(request, request.caller), { before: after, skip, limit });
    return answer(200, keys, { next_cursor: next ? encodeCursor(next) : null });
  }),

  serve(deleteApiKey, async (ctx: UsersContext, request) => {
    await remove(ctx, requesterOf(request, request.caller), request.params.key_id);
    return noContent();
  }),

  serve(exchangeApiKey, async (ctx: UsersContext, { body }) => answer(200, await exchange(ctx, body.key), unkept)),
];

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
