import * as routes from '@souk/contracts';
import { answer, noContent, type ServedRoute, serve } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { addAddress, changeAddress, deleteAddress, readAddresses } from '../use-cases/keep-addresses.ts';
import { requesterOf } from './requester-of.ts';

export const addressRoutes: readonly ServedRoute<UsersContext>[] = [
  serve(routes.listAddresses, async (ctx: UsersContext, request) =>
    answer(200, await readAddresses(ctx, requesterOf(request, request.caller))),
  ),

  serve(routes.addAddress, async (ctx: UsersContext, request) => {
    const added = await addAddress(ctx, requesterOf(request, request.caller), request.body);
    return answer(201, added, { etag: added.version });
  }),

  serve(routes.changeAddress, async (ctx: UsersContext, request) => {
    const { params, body, if_match } = request;
    const changed = await changeAddress(ctx, { requester: requesterOf(request, request.caller), ...params, if_match }, body);
    return answer(200, changed, { etag: changed.version });
  }),

  serve(routes.deleteAddress, async (ctx: UsersContext, request) => {
    await deleteAddress(ctx, requesterOf(request, request.caller), request.params.address_id);
    return noContent();
  }),
];
