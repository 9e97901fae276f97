/** The shop for browsers. Refusals are pages too, for clients that prefer HTML. */
import { getAsset, getHome, getManifest, getScript, refusal, showCategory, showProduct, showProof, showSearch } from '@souk/contracts';
import { answer, preferredType, type ServedRoute, serve } from '@souk/service-kit';
import {
  categoryPath,
  homePage,
  homePath,
  listPage,
  listPath,
  manifestText,
  productPage,
  productPath,
  proofPage,
  proofPath,
  variantPath,
} from '@souk/storefront';
import type { WebContext } from '../context.ts';
import { loadHome, loadList, loadProduct, loadProof } from '../use-cases/load-pages.ts';
import type { Assets } from '../workers/assets.ts';
import type { Publication } from '../workers/publication.ts';
import { assetAnswer } from './asset-answer.ts';
import { fileAnswer } from './file-answer.ts';
import { listQuestion } from './list-question.ts';
import { publicationAnswer } from './publication-answer.ts';
import { answerPage, servePage, visitOf } from './serve-page.ts';

const jsonType = 'application/json';
const htmlType = 'text/html';

/** `links` is what there is at the start page for programs, and for browsers while the shop has nothing to sell. */
export function storefrontRoutes(links: readonly Publication[], assets: Assets): ServedRoute<WebContext>[] {
  return [
    serve(getHome, async (context: WebContext, request) => {
      const header = request.header('accept');
      if (preferredType(header, [jsonType, htmlType]) === jsonType) return publicationAnswer(links, request);
      return answerPage(
        visitOf(context, assets, request),
        request,
        async ({ parts, frame }) => {
          const { categories, newest } = await loadHome(parts);
          if (newest?.length === 0) return undefined;
          return homePage({ frame: await frame(homePath, categories), newest });
        },
        () => publicationAnswer(links, request),
      );
    }),
    servePage(showCategory, assets, async ({ parts, frame }, { params, query }) => {
      const { category } = listQuestion(params);
      if (category === undefined) throw refusal('not_found', 'There is no such category.');
      const question = { ...listQuestion(query), q: undefined, category };
      const { categories, ...loaded } = await loadList(parts, question);
      // A category is what its products name: without a filter, an empty one is none.
      const is_plain = listPath('category', question) === categoryPath(category);
      const is_unlisted = categories?.every(({ name }) => name !== category) ?? false;
      if (loaded.things.length === 0 && (is_plain || is_unlisted)) throw refusal('not_found', 'There is no such category.');
      return listPage({ frame: await frame(categoryPath(category), categories), kind: 'category', question, ...loaded });
    }),
    servePage(showSearch, assets, async ({ parts, frame }, { query }) => {
      const question = listQuestion(query);
      const { categories, ...loaded } = await loadList(parts, question);
      return listPage({ frame: await frame(listPath('search', question), categories), kind: 'search', question, ...loaded });
    }),
    servePage(showProduct, assets, async ({ parts, frame }, { params, query }) => {
      const found = await loadProduct(parts, params.product, query.variant);
      if ('moved_to' in found) {
        const { handle, variant } = found.moved_to;
        return answer<never>(308, undefined as never, {
          location: variant === undefined ? productPath(handle) : variantPath(handle, variant),
        });
      }
      const { categories, ...loaded } = found.page;
      // All variants are one page for search engines.
      return productPage({ frame: await frame(productPath(loaded.thing?.handle ?? loaded.product.id), categories), ...loaded });
    }),
    servePage(showProof, assets, async ({ parts, frame }) => {
      const { categories, audit } = await loadProof(parts);
      return proofPage({ frame: await frame(proofPath, categories), audit });
    }),
    serve(getManifest, (context: WebContext, request) =>
      fileAnswer(request, 'application/manifest+json', manifestText(context.config.shop_name, assets.page.icon)),
    ),
    ...[getAsset, getScript].map((route) =>
      serve(route, async (_context: WebContext, request) => {
        const asset = assets.find(request.params.name);
        if (asset === undefined) throw refusal('not_found', 'There is no such file.');
        return assetAnswer(asset, request);
      }),
    ),
  ];
}
