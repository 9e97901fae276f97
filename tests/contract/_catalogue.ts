/** The routes of pictures and groups, and the picture that is uploaded. */
import type { PublishedApi } from './_published-api.ts';

/** A PNG of two pixels. */
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGPgClgARAAFsQH1lauqlgAAAABJRU5ErkJggg==',
  'base64',
);

export interface Pictured {
  images: { hash: string; sources: { url: string }[] }[];
}

/** A product gets a picture, shows it and loses it again. */
async function picturesAreAnswered(api: PublishedApi, { token, product_id }: { token: string; product_id: string }): Promise<void> {
  const params = { product_id };
  await api.call('addProductImage', { token, params, headers: { 'content-type': 'image/png' }, body: () => picture });
  await api.call('addProductImage', { token, params, body: () => 'no picture', status: 400 });
  const [image] = ((await api.call('getProduct', { params })).body as Pictured).images;
  const media = { params: { name: image?.sources[0]?.url.split('/').at(-1) ?? '' } };
  await api.call('getMedia', media);
  await api.call('getMedia', { ...media, headers: { range: 'bytes=0-3' }, status: 206 });
  const images = [{ hash: image?.hash, alt: 'From the left' }];
  await api.call('arrangeProductImages', { token, params, body: () => ({ images }) });
  await api.call('removeProductImage', { token, params: { product_id, hash: image?.hash ?? '' } });
}

/** A product is a group by itself, is found under its handle, and under the old one when it has another. */
async function groupsAreAnswered(api: PublishedApi, { token, product_id }: { token: string; product_id: string }): Promise<void> {
  await api.call('exportProducts', { token, query: { for: 'spreadsheet' } });
  await api.call('listGroups', { query: { q: 'lamp', in_stock: 'true' } });
  await api.call('listGroups', { query: { limit: '2', sort: 'price' } });
  const moved = await api.call('getGroup', { params: { handle: product_id }, status: 308 });
  const handle = decodeURIComponent(moved.headers.get('location')?.split('/').at(-1) ?? '');
  await api.call('getGroup', { params: { handle }, query: { limit: '1' } });
  await api.call('getGroup', { params: { handle: 'no-such-group' }, status: 404 });
  const other = `${handle}-again`;
  await api.call('renameGroup', { token, params: { handle }, body: () => ({ handle: other }) });
  await api.call('getGroup', { params: { handle }, status: 308 });
}

/** Filters whose names are free, and the numbers of what they let through. */
async function facetsAreAnswered(api: PublishedApi): Promise<void> {
  await api.call('listGroups', { query: { 'attribute.wood': 'oak', 'option.size': 'large', count: '1' } });
  await api.call('listProducts', { query: { 'attribute.wood': 'oak', sku: 'LAMP-OAK', count: 'true' } });
  await api.call('listProducts', { query: { 'attribute.': 'oak' }, status: 400 });
  await api.call('countGroupFacets');
  await api.call('countGroupFacets', { query: { 'attribute.wood': 'oak', in_stock: 'true', category: 'Lamps' } });
}

/** A category is made, moved and read. */
async function categoriesAreAnswered(api: PublishedApi, token: string): Promise<void> {
  await api.call('listCategories', { query: { include_empty: 'true' } });
  const idOf = (exchange: { body: unknown }): string => String((exchange.body as { id: string }).id);
  const parent = idOf(await api.call('createCategory', { token, body: () => ({ name: 'Rooms' }) }));
  const made = await api.call('createCategory', { token, body: () => ({ name: 'Winter kitchen', handle: 'the-kitchen', position: 3 }) });
  const params = { category_id: idOf(made) };
  const headers = { 'if-match': made.headers.get('etag') ?? '' };
  await api.call('changeCategory', { token, params, headers, body: () => ({ parent_id: parent, facet_names: ['attribute.wood'] }) });
  await api.call('changeCategory', { token, params, headers, body: () => ({ name: 'Summer kitchen' }), status: 412 });
  await api.call('changeCategory', {
    token,
    params: { category_id: parent },
    body: () => ({ parent_id: params.category_id }),
    status: 409,
  });
  await api.call('createCategory', {
    token,
    body: () => ({ name: 'Lost', parent_id: '0198c5a4-7f00-7a10-8b20-9c30ad40be50' }),
    status: 400,
  });
  await api.call('getCategory', { params });
}

/** A file is imported in the background, watched and ended. */
async function importsAreAnswered(api: PublishedApi, token: string): Promise<void> {
  const started = await api.call('startImport', { token, query: { dry_run: '1', stock: 'set' } });
  const params = { import_id: String((started.body as { id: string }).id) };
  await api.call('listImports', { token, query: { limit: '2', state: 'done' } });
  await api.call('listImports', { token, query: { cursor: 'x' }, status: 400 });
  await api.call('getImport', { token, params });
  await api.call('listImportRefusals', { token, params });
  await api.call('cancelImport', { token, params });
  await api.call('startImport', { token, body: () => 'colour\nblue\n', status: 400 });
}

/** What belongs to a product. */
export async function catalogueIsAnswered(api: PublishedApi, asked: { token: string; product_id: string }): Promise<void> {
  await picturesAreAnswered(api, asked);
  await groupsAreAnswered(api, asked);
  await facetsAreAnswered(api);
  await categoriesAreAnswered(api, asked.token);
  await importsAreAnswered(api, asked.token);
}
