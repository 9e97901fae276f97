/** The page on which goods are announced to come back. */
import { type RequestReturn, showReturn, submitReturn } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import type { RouteRequest, ServedRoute } from '@souk/service-kit';
import { orderPath, orderReturnPath, type ReturnView, returnPage } from '@souk/storefront';
import type { WebContext } from '../context.ts';
import { announceReturn, loadReturnable, type ReturnableOrder } from '../use-cases/announce-return.ts';
import { loadCategories } from '../use-cases/load-pages.ts';
import type { Assets } from '../workers/assets.ts';
import { type FormBody, lineOf, readForm } from './form-body.ts';
import { orderKeys } from './order-keys.ts';
import { seeOther, servePage, type Visit } from './serve-page.ts';

const keyBytes = 16;
const keyForm = /^[\w-]{22}$/;
const linesMax = 100;
const digits = /^\d{1,7}$/;
const statusOf = { nothing: 422, too_many: 409, away: 503 } as const;
const retryAfterS = '5';

export function returnRoutes(assets: Assets): ServedRoute<WebContext>[] {
  return [
    servePage(showReturn, assets, async (visit, given) => {
      const { order_id } = given.params;
      const loaded = await loadReturnable(orderKeys(visit, given as RouteRequest, order_id), order_id);
      return drawn(visit, loaded, { form_key: newKey(visit), typed: new Map(), notice: undefined });
    }),
    servePage(submitReturn, assets, async (visit, given) => {
      const { order_id } = given.params;
      const form = await readForm(given as RouteRequest);
      const keys = orderKeys(visit, given as RouteRequest, order_id);
      const loaded = await loadReturnable(keys, order_id);
      const given_key = lineOf(form, 'key');
      const key = keyForm.test(given_key) ? given_key : newKey(visit);
      const typed = typedIn(form);
      const outcome = await announceReturn(keys, { order_id, opened_by: loaded.opened_by, key, items: itemsOf(typed) });
      if (outcome === 'requested' || outcome === 'found') return seeOther(`${orderPath(order_id)}?notice=return_${outcome}`);
      const page = await drawn(visit, loaded, { form_key: key, typed, notice: outcome });
      return { page, status: statusOf[outcome], headers: outcome === 'away' ? { 'retry-after': retryAfterS } : {} };
    }),
  ];
}

const newKey = ({ context }: Visit): string => context.ids.secret(keyBytes);

async function drawn(
  { frame, parts }: Visit,
  { order, returns }: ReturnableOrder,
  view: Pick<ReturnView, 'form_key' | 'typed' | 'notice'>,
): Promise<string> {
  return returnPage({ frame: await frame(orderReturnPath(order.id), await loadCategories(parts)), order, returns, ...view });
}

/** By product, as it was typed. */
function typedIn(form: FormBody): Map<string, { quantity: string; reason: string }> {
  const typed = new Map<string, { quantity: string; reason: string }>();
  for (let line = 1; line <= linesMax; line += 1) {
    const product_id = lineOf(form, `product-${line}`);
    if (isUuid(product_id)) typed.set(product_id, { quantity: lineOf(form, `quantity-${line}`), reason: lineOf(form, `reason-${line}`) });
  }
  return typed;
}

function itemsOf(typed: ReadonlyMap<string, { quantity: string; reason: string }>): RequestReturn['items'] {
  return [...typed].flatMap(([product_id, { quantity, reason }]) =>
    digits.test(quantity) && Number(quantity) > 0
      ? [{ product_id, quantity: Number(quantity), ...(reason !== '' && { reason: [...reason].slice(0, reasonLengthMax).join('') }) }]
      : [],
  );
}

const reasonLengthMax = 500;
