/** What each page of the shop shows, as its services say it now. */
import {
  countFacets,
  countGroupFacets,
  type Group,
  type GroupDetail,
  getGroup,
  getProduct,
  getProof,
  listAvailability,
  listCategories,
  listGroups,
  listProducts,
  type MatchFilters,
  type Product,
  type ProofSummary,
  refusal,
} from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import {
  type CategoryEntry,
  hasNoWordOf,
  type ListQuestion,
  type ShownProduct,
  type ShownThing,
  wordsOfProduct,
  wordsOfThing,
} from '@souk/storefront';
import { oneOf, type Parts } from './load-parts.ts';

/** The newest things are looked through for pictures of categories, too. */
const newestMax = 100;
const listMax = 48;
const variantsMax = 100;
const relatedMax = 12;

/** A picture that was uploaded is shown instead of the one whose address the product names. */
export function shown(product: Product): ShownProduct {
  return { ...product, image_url: product.images[0]?.sources.at(-1)?.url ?? product.image_url };
}

function shownThing(group: Group): ShownThing {
  return { ...group, image_url: group.image?.sources.at(-1)?.url ?? group.image_url };
}

export const loadCategories = ({ optional }: Parts): Promise<CategoryEntry[] | undefined> =>
  optional(async (read) => (await read(listCategories)).body);

export interface LoadedHome {
  categories: CategoryEntry[] | undefined;
  newest: ShownThing[] | undefined;
}

/** Throws `service_unavailable` when there is nothing to show. */
export async function loadHome(parts: Parts): Promise<LoadedHome> {
  const [categories, newest] = await Promise.all([
    loadCategories(parts),
    parts.optional(async (read) => (await read(listGroups, { query: { sort: 'newest', limit: newestMax } })).body.map(shownThing)),
  ]);
  oneOf<unknown>([categories, newest]);
  return { categories, newest };
}

export async function loadList(parts: Parts, question: ListQuestion) {
  const { category, q, min_price, max_price, in_stock, matches, sort, cursor } = question;
  const filters = {
    ...(category !== undefined && { category }),
    ...(q !== undefined && { q }),
    ...(min_price !== undefined && { min_price: Number(min_price) }),
    ...(max_price !== undefined && { max_price: Number(max_price) }),
    ...(in_stock && { in_stock }),
    ...(Object.fromEntries(matches.map(({ name, values }) => [name, [...values]])) satisfies MatchFilters),
  };
  const query = {
    ...filters,
    sort: sort ?? (q === undefined ? 'name' : 'relevance'),
    limit: listMax,
    ...(cursor !== undefined && { cursor }),
  } as const;
  const [categories, facets, choices, list] = await Promise.all([
    loadCategories(parts),
    parts.optional(async (read) => (await read(countFacets, { query: filters })).body),
    parts.optional(async (read) => (await read(countGroupFacets, { query: filters })).body.facets),
    parts.needed(listGroups, { query }),
  ]);
  const things = list.body.map(shownThing);
  const only_close = q !== undefined && cursor === undefined && hasNoWordOf(q, things.map(wordsOfThing)) && (await isNameless(parts, q));
  return { categories, facets, choices, things, next_cursor: list.next_cursor, only_close };
}

/** A thing may be found by a word that only its variants have: their options, attributes or SKU. */
async function isNameless({ optional }: Parts, q: string): Promise<boolean> {
  const products = await optional(async (read) => (await read(listProducts, { query: { q, limit: listMax } })).body.map(shown));
  return products !== undefined && hasNoWordOf(q, products.map(wordsOfProduct));
}

export interface LoadedProof {
  categories: CategoryEntry[] | undefined;
  audit: ProofSummary['audit'] | undefined;
}

/** The page says what is promised also while the auditor does not answer. */
export async function loadProof(parts: Parts): Promise<LoadedProof> {
  const [categories, proof] = await Promise.all([loadCategories(parts), parts.optional(async (read) => (await read(getProof)).body)]);
  return { categories, audit: proof?.audit };
}

export interface LoadedProduct {
  product: ShownProduct;
  thing: Pick<ShownThing, 'id' | 'handle' | 'title'> | undefined;
  categories: CategoryEntry[] | undefined;
  variants: ShownProduct[];
  counted: ReadonlyMap<string, number> | undefined;
  related: ShownThing[] | undefined;
}

/** A thing has one address: that of its handle. Others lead there. */
export type FoundProduct = { page: LoadedProduct } | { moved_to: { handle: string; variant: string | undefined } };

/** By the handle of a thing, one that it had before, or the id of a product. Throws `not_found`. */
export async function loadProduct(parts: Parts, name: string, variant: string | undefined): Promise<FoundProduct> {
  if (isUuid(name)) return loadById(parts, name);
  const categories = loadCategories(parts);
  const { body, location } = await parts.needed(getGroup, { params: { handle: name }, query: { limit: variantsMax } });
  if (location !== undefined) return { moved_to: { handle: handleIn(location), variant } };
  const group = body as GroupDetail;
  const product = await chosenVariant(parts, group, variant);
  const [counted, related] = await Promise.all([
    loadCounts(parts, group.variants.length === 0 ? [product] : group.variants),
    loadRelated(parts, product.category),
  ]);
  const { id, title } = group;
  // Of a large group the one that is shown may be beyond the first hundred.
  const listed = group.variants.map(shown);
  const variants = listed.some((one) => one.id === product.id) ? listed : [product, ...listed.slice(0, -1)];
  return { page: { product, thing: { id, handle: group.handle, title }, categories: await categories, variants, counted, related } };
}

/** What is sold no more has no thing, and a page of its own. */
async function loadById(parts: Parts, product_id: string): Promise<FoundProduct> {
  const product = shown((await parts.needed(getProduct, { params: { product_id } })).body);
  if (product.status === 'active') {
    const { location } = await parts.needed(getGroup, { params: { handle: product.group_id ?? product.id }, query: { limit: 1 } });
    if (location !== undefined)
      return { moved_to: { handle: handleIn(location), variant: product.group_id === null ? undefined : product_id } };
  }
  const [categories, counted, related] = await Promise.all([
    loadCategories(parts),
    loadCounts(parts, [product]),
    loadRelated(parts, product.category),
  ]);
  return { page: { product, thing: undefined, categories, variants: [], counted, related } };
}

function handleIn(location: string): string {
  return decodeURIComponent(new URL(location, 'http://service').pathname.split('/').at(-1) ?? '');
}

function noProduct(): Error {
  return refusal('not_found', 'There is no such product.');
}

/** The one that the address names, where it is one of the group; else the first that is in stock. */
async function chosenVariant({ optional }: Parts, { id, variants }: GroupDetail, wanted: string | undefined): Promise<ShownProduct> {
  const listed = variants.find((variant) => variant.id === wanted);
  const usual = listed ?? variants.find(({ stock_quantity }) => stock_quantity > 0) ?? variants[0];
  if (listed === undefined && wanted !== undefined && isUuid(wanted) && variants.length === variantsMax) {
    const product = await optional(async (read) => (await read(getProduct, { params: { product_id: wanted } })).body);
    if (product?.group_id === id && product.status === 'active') return shown(product);
  }
  if (usual === undefined) throw noProduct();
  return shown(usual);
}

function loadCounts({ optional }: Parts, products: readonly Pick<Product, 'id'>[]): Promise<ReadonlyMap<string, number> | undefined> {
  const product_ids = products.map(({ id }) => id).join(',');
  return optional(
    async (read) =>
      new Map((await read(listAvailability, { query: { product_ids } })).body.map((level) => [level.product_id, level.available])),
  );
}

async function loadRelated({ optional }: Parts, category: string | null): Promise<ShownThing[] | undefined> {
  if (category === null) return [];
  return optional(async (read) =>
    (await read(listGroups, { query: { category, in_stock: true, sort: 'newest', limit: relatedMax } })).body.map(shownThing),
  );
}
