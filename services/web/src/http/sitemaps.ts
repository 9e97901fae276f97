/** What search engines read first. */
import { getPageSitemap, getRobots, getSitemap, getThingSitemap } from '@souk/contracts';
import { type RouteRequest, type ServedRoute, serve } from '@souk/service-kit';
import { pageSitemap, robotsText, sitemapIndex, thingSitemap } from '@souk/storefront';
import type { WebContext } from '../context.ts';
import { createSitemapLists, listedCategories, type SitemapLists } from '../use-cases/load-sitemaps.ts';
import { fileAnswer } from './file-answer.ts';
import { originOfShop } from './shop-origin.ts';
import { partsFor } from './visit.ts';

const xmlType = 'application/xml';

export function sitemapRoutes(context: WebContext): ServedRoute<WebContext>[] {
  const lists: SitemapLists = createSitemapLists(context);
  const origin = (request: RouteRequest): string => originOfShop(context.config, (name) => request.header(name));
  return [
    serve(getRobots, (_context: WebContext, request) => fileAnswer(request, 'text/plain', robotsText(origin(request)))),
    serve(getSitemap, async (_context: WebContext, request) =>
      fileAnswer(request, xmlType, sitemapIndex(origin(request), await lists.starts())),
    ),
    serve(getPageSitemap, async (_context: WebContext, request) =>
      fileAnswer(request, xmlType, pageSitemap(origin(request), await listedCategories(partsFor(context, request)))),
    ),
    serve(getThingSitemap, async (_context: WebContext, request) =>
      fileAnswer(
        request as RouteRequest,
        xmlType,
        thingSitemap(origin(request as RouteRequest), await lists.handles(request.query.from, request.signal)),
      ),
    ),
  ];
}
