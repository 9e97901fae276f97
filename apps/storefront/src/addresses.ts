/** Addresses of the storefront's pages: the only place that writes them. */
import type { ListQuestion } from './views.ts';

/** Gateways refuse these in a path, and long segments; such a category is found through the search. */
const unfitForPath = /%(?:2f|5c|2e|00)/i;
const onlyDots = /^\.{1,2}$/;
const segmentLengthMax = 900;

export const homePath = '/';

export const signInPath = '/sign-in';
export const signOutPath = '/sign-out';
export const registerPath = '/register';
export const passwordResetPath = '/password-reset';
export const verifyEmailPath = '/verify-email';
export const accountPath = '/account';
export const accountOrdersPath = '/account/orders';
export const accountMessagesPath = '/account/messages';
export const profilePath = '/account/profile';
export const securityPath = '/account/security';
export const passwordPath = '/account/password';
export const sessionsPath = '/account/sessions';
export const secondFactorPath = '/account/second-factor';
export const erasePath = '/account/erase';

export function orderPath(order_id: string): string {
  return `/orders/${encoded(order_id)}`;
}

/** A page that leads back to another one. */
export function returningTo(path: string, to: string | undefined): string {
  return to === undefined ? path : `${path}?to=${encoded(to)}`;
}
export const proofPath = '/proof';

export const cartPath = '/cart';
export const cartLinesPath = '/cart/lines';
export const checkoutPath = '/checkout';
export const trackPath = '/track';

export function orderCancelPath(order_id: string): string {
  return `${orderPath(order_id)}/cancel`;
}

/** Changes of an order as they happen, for scripts. */
export function orderEventsPath(order_id: string): string {
  return `/api${orderPath(order_id)}/events`;
}

/** Pieces of a product as they change, for scripts. */
export function stockEventsPath(product_id: string): string {
  return `/api/stock/events?product_ids=${encoded(product_id)}`;
}

/** Where goods of an order are announced to come back. */
export function orderReturnPath(order_id: string): string {
  return `${orderPath(order_id)}/return`;
}

export function receiptPath(order_id: string): string {
  return `${orderPath(order_id)}/receipt`;
}

/** The signed receipt itself, for programs. */
export function signedReceiptPath(order_id: string): string {
  return `/api/orders/${encoded(order_id)}/receipt`;
}

/** The page of a thing by its handle; an id leads there. */
export function productPath(handle_or_id: string): string {
  return `/p/${encoded(handle_or_id)}`;
}

/** One variant on the page of its thing. */
export function variantPath(handle: string, product_id: string): string {
  return `${productPath(handle)}?variant=${encoded(product_id)}`;
}

export function categoryPath(category: string): string {
  const segment = encoded(category);
  const fits = segment.length <= segmentLengthMax && !unfitForPath.test(segment) && !onlyDots.test(category);
  return fits ? `/c/${segment}` : `/search?category=${segment}`;
}

/** The list of this question: below the path of its category where the page is a category's. */
export function listPath(
  kind: 'category' | 'search',
  { category, q, min_price, max_price, in_stock, matches, sort, cursor }: ListQuestion,
): string {
  const path = kind === 'category' && category !== undefined ? categoryPath(category) : '/search';
  const [base = '', begun] = path.split('?');
  const members = [
    begun,
    ...(
      [
        ['q', q],
        ['category', kind === 'search' ? category : undefined],
        ['min_price', min_price],
        ['max_price', max_price],
        ['in_stock', in_stock ? 'true' : undefined],
        ['sort', sort],
        ['cursor', cursor],
      ] as const
    ).map(([name, value]) => (value === undefined ? undefined : `${name}=${encoded(value)}`)),
    ...matches.flatMap(({ name, values }) => values.map((value) => `${encoded(name)}=${encoded(value)}`)),
  ].filter((member) => member !== undefined);
  return members.length === 0 ? base : `${base}?${members.join('&')}`;
}

/** Names come from shops: half a character pair would be no text for an address. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
