/** The cart of the browser, kept as the account of who is signed in has it, and forgotten with the session. */
import type { TokenPair } from '@souk/contracts';
import type { RouteRequest } from '@souk/service-kit';
import type { Cart } from '../domain/cart.ts';
import { keepSaved, keepSignedIn } from '../use-cases/device-cart.ts';
import { cartCookies, cartOf, noCartCookies } from './cart-cookie.ts';
import { noOrderLinkCookies } from './order-link-cookie.ts';
import type { Visit } from './serve-page.ts';
import { cookiesOf, endedCookies } from './visit.ts';

/** A guest has no account to come back to, and a stranger none at all: theirs is that of the browser. */
export async function keptCart({ context, person }: Visit, request: RouteRequest, cart: Cart | undefined): Promise<Cart | undefined> {
  if ((await person())?.user?.kind !== 'registered') return cart;
  const { caller, client_address, cause, signal } = request;
  return keepSaved(context, { caller, client_address, cause, signal, authorization: request.header('authorization') }, cart);
}

/** Values of `Set-Cookie` by which the browser is signed in, with the cart that it and the account had. */
export async function cookiesOfSignIn({ context }: Visit, request: RouteRequest, tokens: TokenPair): Promise<string[]> {
  const { client_address, cause, signal } = request;
  const cart = await keepSignedIn(context, { client_address, cause, signal }, { tokens, cart: cartOf(request).cart });
  return [...cookiesOf(tokens, request), ...(cart === undefined ? [] : cartCookies(cart, request))];
}

/** Values of `Set-Cookie` by which nothing of who was signed in is left: the cart is in the account. */
export function forgottenCookies(request: Pick<RouteRequest, 'header'>): string[] {
  return [...endedCookies(request), ...noCartCookies(request), ...noOrderLinkCookies(request)];
}
