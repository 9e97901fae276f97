/** The cart in the cookie of a browser. */
import { cookieName, type RouteRequest, readCookies, writeCookie } from '@souk/service-kit';
import { type Cart, readCart, writeCart } from '../domain/cart.ts';
import { isSecure } from './visit.ts';

const name = 'souk_cart';
const keptS = 5_184_000;

export interface FoundCart {
  readonly cart: Cart | undefined;
  /** There is one, and it is none. */
  readonly is_unreadable: boolean;
}

export function cartOf(request: Pick<RouteRequest, 'header'>): FoundCart {
  const text = readCookies(request.header('cookie')).get(cookieName(name, isSecure(request)));
  if (text === undefined || text === '') return { cart: undefined, is_unreadable: false };
  const cart = readCart(text);
  return { cart, is_unreadable: cart === undefined };
}

/** Values of `Set-Cookie`. */
export function cartCookies(cart: Cart, request: Pick<RouteRequest, 'header'>): string[] {
  return [writeCookie(name, writeCart(cart), { secure: isSecure(request), max_age_s: keptS })];
}

/** Values of `Set-Cookie` by which the browser has no cart. */
export function noCartCookies(request: Pick<RouteRequest, 'header'>): string[] {
  return [writeCookie(name, '', { secure: isSecure(request), max_age_s: 0 })];
}
