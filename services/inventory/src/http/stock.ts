import {
  adjustStock,
  adjustStocks,
  getStock,
  listAvailability,
  listMovements,
  listStock,
  listStockActions,
  readStockLevels,
} from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { type Answer, answer, encodeCursor, itemProblem, listedIds, once, page, type ServedRoute, serve } from '@souk/service-kit';
import type { InventoryContext } from '../context.ts';
import { availableOf, type Stock } from '../domain/stock.ts';
import { adjustStock as adjust } from '../use-cases/adjust-stock.ts';
import { type AdjustmentOutcome, adjustStocks as adjustMany, publishCorrections } from '../use-cases/adjust-stocks.ts';
import { getAvailability, getFullStock, getPublicStock } from '../use-cases/get-stock.ts';
import { listMovements as readMovements, listStockActions as readStockActions } from '../use-cases/list-movements.ts';
import { listStock as readStock } from '../use-cases/list-stock.ts';

export const stockRoutes: readonly ServedRoute<InventoryContext>[] = [
  serve(getStock, async (ctx: InventoryContext, { params, caller }) => {
    // Two views of one resource, so two tags for one version.
    if (caller?.isStaff) return staffAnswer(200, await getFullStock(ctx, params.product_id));
    const { stock_version, ...stock } = await getPublicStock(ctx, params.product_id);
    return answer(200, stock, { etag: stock_version });
  }),

  serve(listAvailability, async (ctx: InventoryContext, { query }) =>
    answer(200, await getAvailability(ctx, listedIds(query, 'product_ids') ?? [])),
  ),

  serve(readStockLevels, async (ctx: InventoryContext, { body }) =>
    answer(200, await getAvailability(ctx, [...new Set(body.product_ids)])),
  ),

  serve(listStock, async (ctx: InventoryContext, { query }) => {
    const { limit, skip, after } = page(query, isId);
    const { rows, next } = await readStock(ctx, { low_stock_below: query.low_stock_below, before: after, skip, limit });
    return answer(200, rows.map(staffView), { next_cursor: next && encodeCursor(next) });
  }),

  serve(adjustStock, async (ctx: InventoryContext, request) => {
    const { product_id } = request.params;
    const corrected = await once(ctx, request, async (tx) => {
      const stock = await adjust(ctx, tx, product_id, { ...request.body, actor: request.caller.actor });
      return { status: 201, body: staffView(stock), options: { etag: staffTag(stock) } };
    });
    await publishCorrections(ctx, [product_id]);
    return corrected;
  }),

  serve(adjustStocks, async (ctx: InventoryContext, request) => {
    const { body, caller } = request;
    const corrected = await once(ctx, request, async (tx) => {
      const outcomes = await adjustMany(
        ctx,
        tx,
        body.items.map((item) => ({ ...item, actor: caller.actor })),
      );
      return { status: 200, body: outcomes.map((outcome, index) => resultOf(outcome, index, request)) };
    });
    await publishCorrections(
      ctx,
      body.items.map(({ product_id }) => product_id),
    );
    return corrected;
  }),

  serve(listMovements, async (ctx: InventoryContext, { params, query }) => {
    const { limit, skip, after } = page(query, isId);
    const { lines, next } = await readMovements(ctx, params.product_id, { before: after, skip, limit });
    return answer(200, lines, { next_cursor: next && encodeCursor(next) });
  }),

  serve(listStockActions, async (ctx: InventoryContext, { query }) => {
    const { limit, skip, after } = page(query, isId);
    const { lines, next } = await readStockActions(ctx, { before: after, skip, limit });
    return answer(200, lines, { next_cursor: next && encodeCursor(next) });
  }),
];

type StaffStock = ReturnType<typeof staffView>;

function staffView(stock: Stock) {
  const { product_id, on_hand, reserved, updated_at } = stock;
  return { product_id, available: availableOf(stock), on_hand, reserved, updated_at };
}

function resultOf(outcome: AdjustmentOutcome, index: number, request: Parameters<typeof itemProblem>[2]) {
  if ('stock' in outcome) return { status: 201, stock: staffView(outcome.stock), problem: null };
  const problem = itemProblem(outcome.refused, index, request);
  return { status: problem.status, stock: null, problem };
}

function staffTag({ stock_version }: Stock): string {
  return `${stock_version}-staff`;
}

function staffAnswer(status: number, stock: Stock): Answer<StaffStock> {
  return answer(status, staffView(stock), { etag: staffTag(stock) });
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
