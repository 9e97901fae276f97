/** `/docs/` for `/docs`: people type it, and pages of other sites lead there. Addresses of the API have one spelling only. */
import type { RouteEntry } from '../route-table.ts';
import type { Exchange } from './exchange.ts';
import type { Router } from './router.ts';

/** Leads a client that reads a page by its address with a slash too many to the page; false where there is none. */
export function leadToPage(router: Router<{ readonly entry: RouteEntry }>, exchange: Exchange): boolean {
  const { path, request } = exchange;
  const { method, url = '' } = request;
  if (!path.endsWith('/') || path.endsWith('//') || !(method === 'GET' || method === 'HEAD')) return false;
  const page = path.slice(0, -1);
  const entry = router.find(page)?.methods.get(method)?.entry;
  if (entry?.service !== 'web') return false;
  const mark = url.indexOf('?');
  exchange.send({ status: 308, headers: { location: mark < 0 ? page : `${page}${url.slice(mark)}` } });
  return true;
}
