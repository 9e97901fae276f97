/** Orders for those whose they are: by the session of the browser, or by a link that was mailed. */
import {
  cancelShownOrder,
  lookUpOrder,
  openOrderLink,
  fields as schemas,
  showOrder,
  showReceipt,
  showTracking,
  trackOrder,
} from '@souk/contracts';
import { AppError } from '@souk/kernel';
import type { RouteRequest, ServedRoute } from '@souk/service-kit';
import {
  type FieldFault,
  isWaiting,
  type OrderNotice,
  orderPage,
  orderPath,
  receiptPage,
  receiptPath,
  trackPage,
  trackPath,
} from '@souk/storefront';
import type { WebContext } from '../context.ts';
import { cancelShown, type LoadedOrder, loadOrder, loadReceipt } from '../use-cases/load-order.ts';
import { loadCategories } from '../use-cases/load-pages.ts';
import type { Assets } from '../workers/assets.ts';
import { lineOf, readForm } from './form-body.ts';
import { orderKeys } from './order-keys.ts';
import { orderLinkCookies, orderOfLink } from './order-link-cookie.ts';
import { type Drawn, seeOther, servePage, type Visit } from './serve-page.ts';

const notices: readonly OrderNotice[] = [
  'placed',
  'found',
  'cancelled',
  'not_cancellable',
  'unchanged',
  'return_requested',
  'return_found',
];
/** While the shop works on an order its page asks again so often. Not by the page itself: a reader of it would be interrupted for no reason. */
const refreshS = '5';
/** An order that nothing has happened to for so long waits for something that is away. */
const lateMs = 15_000;

export function orderRoutes(assets: Assets): ServedRoute<WebContext>[] {
  return [
    servePage(showOrder, assets, async (visit, given) => {
      const request = given as RouteRequest;
      const { order_id } = given.params;
      const [categories, loaded] = await Promise.all([
        loadCategories(visit.parts),
        loadOrder(orderKeys(visit, request, order_id), order_id),
      ]);
      const notice = notices.find((known) => known === given.query.notice);
      const frame = await visit.frame(orderPath(order_id), categories);
      const headers: Readonly<Record<string, string>> = isWaiting(loaded.order)
        ? { refresh: `${refreshS}; url=${orderPath(order_id)}` }
        : {};
      return { page: orderPage({ frame, ...loaded, late: isLate(loaded, visit.context.clock.now()), notice }), headers };
    }),
    servePage(cancelShownOrder, assets, async (visit, given) => {
      const { order_id } = given.params;
      const outcome = await cancelShown(orderKeys(visit, given as RouteRequest, order_id), order_id);
      return seeOther(`${orderPath(order_id)}?notice=${outcome}`);
    }),
    servePage(showReceipt, assets, async ({ parts, frame }, { params: { order_id } }) => {
      const [categories, receipt] = await Promise.all([loadCategories(parts), loadReceipt(parts, order_id)]);
      return receiptPage({ frame: await frame(receiptPath(order_id), categories), receipt });
    }),
    servePage(showTracking, assets, async ({ parts, frame }, { query }) => {
      const view = { frame: await frame(trackPath, await loadCategories(parts)), fields: { order_number: '', email: '' }, faults: {} };
      return trackPage({ ...view, sent: false, notice: query.notice === 'link_invalid' ? 'link_invalid' : undefined });
    }),
    servePage(trackOrder, assets, (visit, request) => tracked(visit, request as RouteRequest)),
    servePage(openOrderLink, assets, async (_visit, given) => {
      const { token } = given.query;
      const order_id = orderOfLink(token);
      if (token === undefined || order_id === undefined) return seeOther(`${trackPath}?notice=link_invalid`);
      return seeOther(orderPath(order_id), { cookies: orderLinkCookies(token, given as RouteRequest) });
    }),
  ];
}

function isLate({ order, action }: LoadedOrder, now_ms: number): boolean {
  return action === undefined && isWaiting(order) && now_ms - Date.parse(order.updated_at) > lateMs;
}

async function tracked({ parts, frame }: Visit, request: RouteRequest): Promise<Drawn> {
  const form = await readForm(request);
  const fields = { order_number: lineOf(form, 'order_number').toUpperCase(), email: lineOf(form, 'email') };
  const faults = trackFaults(fields);
  const isGood = Object.keys(faults).length === 0;
  const notice = isGood ? await askedFor(parts, fields) : undefined;
  const view = { frame: await frame(trackPath, await loadCategories(parts)), fields, faults, notice };
  const status = isGood ? (notice === undefined ? 200 : notice === 'away' ? 503 : 429) : 400;
  const headers: Readonly<Record<string, string>> = notice === undefined ? {} : { 'retry-after': refreshS };
  return { page: trackPage({ ...view, sent: isGood && notice === undefined }), status, headers };
}

function trackFaults({ order_number, email }: { order_number: string; email: string }): { order_number?: FieldFault; email?: FieldFault } {
  const fault = (text: string, schema: object): FieldFault | undefined => {
    const { pattern = '' } = schema as { pattern?: string };
    return text === '' ? 'missing' : new RegExp(pattern, 'u').test(text) ? undefined : 'invalid';
  };
  const [of_number, of_email] = [fault(order_number, schemas.OrderNumber), fault(email, schemas.GivenEmail)];
  return { ...(of_number && { order_number: of_number }), ...(of_email && { email: of_email }) };
}

async function askedFor(
  { write }: Visit['parts'],
  body: { order_number: string; email: string },
): Promise<'away' | 'too_many' | undefined> {
  try {
    await write(lookUpOrder, { body });
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code === 'rate_limited' ? 'too_many' : 'away';
  }
}
