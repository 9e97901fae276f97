/** The checkout: one page whose form is answered by itself, with what is wrong, until it is an order. */
import { checkOut as checkOutRoute, type Quote, showCheckout } from '@souk/contracts';
import type { RouteRequest, ServedRoute } from '@souk/service-kit';
import { type CheckoutFields, type CheckoutNotice, cartPath, checkoutPage, checkoutPath, orderPath } from '@souk/storefront';
import type { WebContext } from '../context.ts';
import { type Cart, orderKeyOf, piecesIn, renewCart } from '../domain/cart.ts';
import { type CheckedOut, checkOut } from '../use-cases/check-out.ts';
import { addressOf, type CheckoutFaults, countryOf, faultsOf, fieldsFrom, orderOf } from '../use-cases/checkout-form.ts';
import { newCart } from '../use-cases/device-cart.ts';
import { loadLines, type QuoteRefusal, quoteOf } from '../use-cases/load-cart.ts';
import { loadLastAddress } from '../use-cases/load-order.ts';
import { loadCategories } from '../use-cases/load-pages.ts';
import type { Assets } from '../workers/assets.ts';
import { cartCookies, cartOf } from './cart-cookie.ts';
import { type FormBody, lineOf, readForm } from './form-body.ts';
import { keptCart } from './kept-cart.ts';
import { type Drawn, seeOther, servePage, type Visit } from './serve-page.ts';
import { cookiesOf, endedCookies } from './visit.ts';

/** Of a form that has to be filled in again. */
const faultyStatus = 400;
const changedStatus = 409;
const retryAfterS = '5';

export function checkoutRoutes(assets: Assets): ServedRoute<WebContext>[] {
  return [
    servePage(showCheckout, assets, async (visit, given) => {
      const request = given as RouteRequest;
      const found = cartOf(request).cart;
      const cart = await keptCart(visit, request, found);
      if (cart === undefined || cart.lines.length === 0) return seeOther(cartPath);
      const cookies = cart === found ? [] : cartCookies(cart, request);
      return shown(visit, { cart, fields: await firstFields(visit, request), cookies });
    }),
    servePage(checkOutRoute, assets, async (visit, given) => {
      const request = given as RouteRequest;
      const form = await readForm(request);
      const { cart } = cartOf(request);
      const [cart_id] = lineOf(form, 'cart').split(':');
      // The page of a cart that has become an order, sent once more: here is that order.
      if (cart?.ordered !== undefined && cart.ordered.cart_id === cart_id)
        return seeOther(`${orderPath(cart.ordered.order_id)}?notice=found`);
      if (cart === undefined || cart.lines.length === 0) return seeOther(cartPath);
      return submitted(visit, { form, cart, request });
    }),
  ];
}

/** What is known of the customer is not asked for again. */
async function firstFields({ parts, tongue, person }: Visit, request: RouteRequest): Promise<CheckoutFields> {
  const [address, found] = await Promise.all([loadLastAddress(parts), person()]);
  const known: Readonly<Record<string, string | undefined>> = {
    full_name: found?.user?.full_name,
    country: countryOf(request.header('accept-language'), tongue.locale),
    ...address,
  };
  return fieldsFrom((name) => known[name] ?? '');
}

interface Submission {
  form: FormBody;
  cart: Cart;
  request: RouteRequest;
}

async function submitted(visit: Visit, { form, cart, request }: Submission): Promise<Drawn> {
  const fields = fieldsFrom((name) => lineOf(form, name));
  if (lineOf(form, 'cart') !== orderKeyOf(cart)) return shown(visit, { cart, fields, notice: 'cart_changed', status: changedStatus });
  const is_guest = (await visit.person()) === undefined;
  const faults = faultsOf(fields, { is_guest });
  const expected_total = Number(lineOf(form, 'expected_total') || Number.NaN);
  if (lineOf(form, 'step') !== 'pay' || !(expected_total >= 0)) {
    const { country } = faults;
    return shown(visit, { cart, fields, faults: country && fields.country !== '' ? { country } : {} });
  }
  if (Object.keys(faults).length > 0) return shown(visit, { cart, fields, faults, status: faultyStatus });
  const { email, full_name } = fields;
  const checked = await checkOut(visit.context, {
    cart,
    order: orderOf({ fields, cart, expected_total, locale: visit.tongue.tag }),
    guest: is_guest ? { email, full_name } : undefined,
    request,
    parts: visit.parts,
  });
  return answeredBy(visit, checked, { cart, fields, request });
}

/** The page that goes with what became of the order. The session of a guest is kept whatever it was: the next attempt is theirs. */
async function answeredBy(
  visit: Visit,
  { outcome, tokens }: CheckedOut,
  { cart, fields, request }: Omit<Submission, 'form'> & { fields: CheckoutFields },
): Promise<Drawn> {
  const session = tokens === undefined ? [] : cookiesOf(tokens, request);
  if (outcome.kind === 'ordered') {
    const { order_id, is_found } = outcome;
    const cookies = [...session, ...cartCookies(newCart(visit.context, { cart_id: cart.id, order_id }), request)];
    return seeOther(`${orderPath(order_id)}?notice=${is_found ? 'found' : 'placed'}`, { cookies });
  }
  if (outcome.kind === 'ended') {
    const next = renewCart(cart);
    return shown(visit, { cart: next, fields, notice: outcome.notice, cookies: [...session, ...cartCookies(next, request)] });
  }
  if (outcome.kind === 'fault')
    return shown(visit, { cart, fields, faults: { [outcome.field]: outcome.fault }, status: faultyStatus, cookies: session });
  const { notice, status } = outcome;
  const cookies = notice === 'signed_out' ? endedCookies(request) : session;
  return shown(visit, { cart, fields, notice, status, cookies });
}

interface Shown {
  cart: Cart;
  fields: CheckoutFields;
  faults?: CheckoutFaults;
  notice?: CheckoutNotice;
  status?: number;
  cookies?: readonly string[];
}

async function shown(visit: Visit, { cart, fields, faults = {}, notice, status = 200, cookies = [] }: Shown): Promise<Drawn> {
  const { parts, frame } = visit;
  const [categories, quote] = await Promise.all([loadCategories(parts), quoteFor(visit, cart, fields)]);
  const isQuoted = typeof quote === 'object';
  const lines = isQuoted ? [] : await loadLines(parts, cart);
  const drawn = { ...(await frame(checkoutPath, categories)), cart_pieces: piecesIn(cart) };
  const customer = drawn.person === undefined || notice === 'signed_out' ? undefined : (drawn.person.full_name ?? '');
  const page = checkoutPage({
    frame: drawn,
    cart_key: orderKeyOf(cart),
    customer,
    fields,
    faults: isQuoted ? faults : { ...faultOfQuote(quote, fields), ...faults },
    notice: notice ?? (isQuoted ? undefined : noticeOfQuote(quote)),
    quote: isQuoted ? quote : undefined,
    lines,
  });
  // What is away or too much for now is not so for long.
  return { page, status, cookies, ...((status === 503 || status === 429) && { headers: { 'retry-after': retryAfterS } }) };
}

/** A method of shipping that is not offered there any more is replaced by the cheapest. */
async function quoteFor({ parts }: Visit, cart: Cart, fields: CheckoutFields): Promise<Quote | QuoteRefusal> {
  if (fields.country === '') return 'country_unknown';
  const { full_name: _name, ...shipping_address } = addressOf(fields);
  const { shipping_method } = fields;
  const quoted = await quoteOf(parts, cart, { shipping_address, ...(shipping_method !== '' && { shipping_method }) });
  return quoted === 'shipping_unavailable' && shipping_method !== '' ? quoteOf(parts, cart, { shipping_address }) : quoted;
}

function faultOfQuote(quote: QuoteRefusal, fields: CheckoutFields): CheckoutFaults {
  // What was not typed yet is no fault.
  if (fields.country === '' || fields.city === '') return {};
  if (quote === 'country_unknown') return { country: 'country_unknown' };
  if (quote === 'address_incomplete') return { postal_code: 'address_incomplete' };
  return quote === 'shipping_unavailable' ? { shipping_method: 'shipping_unavailable' } : {};
}

const noticesOfQuote = {
  product_unknown: 'unsellable',
  currency_mismatch: 'currencies',
  total_too_large: 'too_large',
  away: 'no_total',
} as const;

function noticeOfQuote(quote: QuoteRefusal): CheckoutNotice | undefined {
  return quote in noticesOfQuote ? noticesOfQuote[quote as keyof typeof noticesOfQuote] : undefined;
}
