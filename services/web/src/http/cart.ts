/** The cart of the browser: a page, and the form behind each of its buttons. */
import { changeCart, showCart } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import type { RouteRequest, ServedRoute } from '@souk/service-kit';
import { type CartNotice, cartPage, cartPath, checkoutPath } from '@souk/storefront';
import type { WebContext } from '../context.ts';
import { type Cart, changeLine, type LineChange, type LineOutcome, piecesIn } from '../domain/cart.ts';
import { countryOf } from '../use-cases/checkout-form.ts';
import { newCart } from '../use-cases/device-cart.ts';
import { loadLines, quoteOf, totalled } from '../use-cases/load-cart.ts';
import { loadCategories } from '../use-cases/load-pages.ts';
import type { Assets } from '../workers/assets.ts';
import { cartCookies, cartOf, noCartCookies } from './cart-cookie.ts';
import { type FormBody, lineOf, readForm } from './form-body.ts';
import { keptCart } from './kept-cart.ts';
import { type Drawn, seeOther, servePage, type Visit } from './serve-page.ts';

const notices: readonly CartNotice[] = ['cart_full', 'line_full', 'quantity_invalid', 'ordered', 'again'];
const digits = /^\d{1,5}$/;

export function cartRoutes(assets: Assets): ServedRoute<WebContext>[] {
  return [
    servePage(showCart, assets, (visit, request) =>
      cartShown(
        visit,
        request as RouteRequest,
        notices.find((known) => known === request.query.notice),
      ),
    ),
    servePage(changeCart, assets, async (visit, given) => {
      const request = given as RouteRequest;
      const form = await readForm(request);
      // What another device has changed meanwhile comes first, so that this change is one of what there is.
      const before = (await keptCart(visit, request, cartOf(request).cart)) ?? newCart(visit.context);
      const { path, cart, notice } = cartChanged(form, before, visit.context);
      const after = (await keptCart(visit, request, cart)) ?? cart;
      return seeOther(notice === undefined ? path : `${path}?notice=${notice}`, { cookies: cartCookies(after, request) });
    }),
  ];
}

async function cartShown(visit: Visit, request: RouteRequest, notice: CartNotice | undefined): Promise<Drawn> {
  const { parts, frame, tongue } = visit;
  const { cart: found, is_unreadable } = cartOf(request);
  const cart = await keptCart(visit, request, found);
  const isOther = cart?.version !== found?.version;
  const country = countryOf(request.header('accept-language'), tongue.locale);
  const isEmpty = cart === undefined || cart.lines.length === 0;
  const [categories, lines, quote] = await Promise.all([
    loadCategories(parts),
    isEmpty ? [] : loadLines(parts, cart),
    isEmpty ? ('away' as const) : quoteOf(parts, cart, { shipping_address: { country } }),
  ]);
  const view = {
    frame: { ...(await frame(cartPath, categories)), cart_pieces: cart === undefined ? 0 : piecesIn(cart) },
    notice: is_unreadable ? ('unreadable' as const) : isOther && found?.saved !== undefined ? ('elsewhere' as const) : notice,
    ...totalled(lines, quote),
  };
  const cookies = cart === undefined || cart === found ? [] : cartCookies(cart, request);
  return { page: cartPage(view), cookies: is_unreadable && cart === undefined ? noCartCookies(request) : cookies };
}

interface Changed {
  path: string;
  cart: Cart;
  notice?: CartNotice | undefined;
}

/** Whatever a form says, it is answered by a cart: the next page says what became of it. */
function cartChanged(form: FormBody, cart: Cart, context: WebContext): Changed {
  const change = lineOf(form, 'change');
  if (change === 'again') return addedAgain(lineOf(form, 'lines'), cart);
  // The same products as another cart: what was begun with the first one is not gone on with.
  if (change === 'renew') return { path: checkoutPath, cart: { ...newCart(context, cart.ordered), lines: cart.lines, saved: cart.saved } };
  const product_id = lineOf(form, 'product_id');
  const quantity = lineOf(form, 'quantity');
  const isKnown = change === 'add' || change === 'set' || change === 'remove';
  const isCounted = change === 'remove' || (digits.test(quantity) && (change === 'set' || Number(quantity) > 0));
  if (!isKnown || !isUuid(product_id) || !isCounted) return { path: cartPath, cart, notice: 'quantity_invalid' };
  const { cart: changed, outcome } = changeLine(cart, { product_id, quantity: Number(quantity), change: change satisfies LineChange });
  return { path: cartPath, cart: changed, notice: noticeOf(outcome) };
}

function noticeOf(outcome: LineOutcome): CartNotice | undefined {
  return outcome === 'cart_full' || outcome === 'line_full' ? outcome : undefined;
}

const linesMax = 100;

/** The lines of an order, as its page names them. */
function addedAgain(text: string, cart: Cart): Changed {
  let changed = cart;
  let notice: CartNotice = 'again';
  for (const line of text.split(' ').slice(0, linesMax)) {
    const [product_id = '', quantity = ''] = line.split(':');
    if (!isUuid(product_id) || !digits.test(quantity)) continue;
    const { cart: next, outcome } = changeLine(changed, { product_id, quantity: Number(quantity), change: 'add' });
    changed = next;
    notice = noticeOf(outcome) ?? notice;
  }
  return { path: cartPath, cart: changed, notice };
}
