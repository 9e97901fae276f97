/** A mailed link to an order, in the cookie of the browser that has opened it. */
import { cookieName, type RouteRequest, readCookies, writeCookie } from '@souk/service-kit';
import { isSecure } from './visit.ts';

const name = 'souk_order_link';
/** As long as links are good for. */
const keptS = 2_592_000;
const form = /^v1\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.[a-z]{1,20}\.[0-9]{1,12}\.[\w-]{8}\.[\w-]{43}$/;

/** Which order a link is for, by its text: whether it is good says the service that signed it. */
export function orderOfLink(link: string | undefined): string | undefined {
  return form.exec(link ?? '')?.[1];
}

/** The link of this order; undefined where the browser has none. */
export function orderLinkOf(request: Pick<RouteRequest, 'header'>, order_id: string): string | undefined {
  const link = readCookies(request.header('cookie')).get(cookieName(name, isSecure(request)));
  return orderOfLink(link) === order_id ? link : undefined;
}

/** Values of `Set-Cookie`. */
export function orderLinkCookies(link: string, request: Pick<RouteRequest, 'header'>): string[] {
  return [writeCookie(name, link, { secure: isSecure(request), max_age_s: keptS })];
}

/** Values of `Set-Cookie` by which the browser opens no order by a link. */
export function noOrderLinkCookies(request: Pick<RouteRequest, 'header'>): string[] {
  return [writeCookie(name, '', { secure: isSecure(request), max_age_s: 0 })];
}
