import { endDrill, listDrills, startDrill } from '@souk/contracts';
import { answer, type ServedRoute, serve } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';
import { beginDrill, finishDrill, readDrills } from '../use-cases/ask-drills.ts';

const uncached = { headers: { 'cache-control': 'no-store' } };

export const drillRoutes: readonly ServedRoute<OperationsContext>[] = [
  serve(listDrills, async (context: OperationsContext) => answer(200, await readDrills(context), uncached)),
  serve(startDrill, async (context: OperationsContext, { params, body, caller }) =>
    answer(200, await beginDrill(context, { ...body, id: params.drill_id, started_by: caller.user_id }), uncached),
  ),
  serve(endDrill, async (context: OperationsContext, { params }) => answer(200, await finishDrill(context, params.drill_id), uncached)),
];
