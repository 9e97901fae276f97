/** The pages of the shop, for browsers. Addresses are typed and mistyped by people: what cannot be read is left aside or answered by a page. */
import Type from 'typebox';
import { defineRoute } from '../define-route.ts';
import { GroupHandle } from '../fields.ts';

const page = {
  method: 'GET',
  service: 'web',
  access: 'public',
  limit: 'read',
  etag: true,
  page: true,
  response_types: ['text/html'],
  responses: { 200: Type.Unknown() },
} as const;
const ofLists = ['cursor_invalid', 'amount_invalid'] as const;

const text = (description: string, maxLength = 1_000) => Type.Optional(Type.String({ maxLength, description }));

/** Links from elsewhere bring members of their own; they are left aside. */
const listMembers = {
  min_price: text('Decimal number; anything else is left aside.'),
  max_price: text('Decimal number; anything else is left aside.'),
  in_stock: text('`true`: what is sold out is left out.'),
  sort: text('As the list of products; anything else is left aside.'),
  cursor: text('Where to go on; from the link to the next page.'),
};

export const showCategory = defineRoute({
  ...page,
  path: '/c/{category}',
  summary: 'The page of a category',
  params: Type.Object({ category: Type.String({ minLength: 1, maxLength: 1_000, description: 'Its name.' }) }),
  query: Type.Object(listMembers),
  errors: ofLists,
});
export const showSearch = defineRoute({
  ...page,
  path: '/search',
  summary: 'The page of a search',
  query: Type.Object({
    q: text('What is looked for; without it everything is shown.'),
    category: text('Only from this category.'),
    ...listMembers,
  }),
  errors: ofLists,
});
export const showProduct = defineRoute({
  ...page,
  path: '/p/{product}',
  summary: 'The page of a thing, with its variants; old handles and ids lead to its present handle',
  params: Type.Object({ product: Type.String({ minLength: 1, maxLength: 1_000, description: 'Handle of a group, or id of a product.' }) }),
  query: Type.Object({ variant: text('Id of the variant that is shown; without it, the first in stock.') }),
  location: true,
  responses: { 200: Type.Unknown(), 308: null },
});
export const showProof = defineRoute({
  ...page,
  path: '/proof',
  summary: 'The page that says what is promised, and what the last audit of the books has found',
});
const file = { method: 'GET', service: 'web', access: 'public', limit: 'read', etag: true, responses: { 200: Type.Unknown() } } as const;

/** The members of a web application manifest (W3C) that the shop has. */
export const WebManifest = Type.Object(
  {
    name: Type.String(),
    short_name: Type.String(),
    start_url: Type.String(),
    display: Type.Literal('minimal-ui'),
    icons: Type.Array(Type.Object({ src: Type.String(), type: Type.String(), sizes: Type.String() })),
  },
  { title: 'WebManifest' },
);

export const getRobots = defineRoute({
  ...file,
  path: '/robots.txt',
  summary: 'What search engines leave alone, and where the sitemap is',
  response_types: ['text/plain'],
});
export const getManifest = defineRoute({
  ...file,
  path: '/manifest.webmanifest',
  summary: 'The shop as browsers install it',
  response_types: ['application/manifest+json'],
  responses: { 200: WebManifest },
});
export const getSitemap = defineRoute({
  ...file,
  path: '/sitemap.xml',
  summary: 'The sitemaps of the shop',
  response_types: ['application/xml'],
  errors: ['service_unavailable'],
});
export const getPageSitemap = defineRoute({
  ...file,
  path: '/sitemap-pages.xml',
  summary: 'The sitemap of the start page and the categories',
  response_types: ['application/xml'],
  errors: ['service_unavailable'],
});
export const getThingSitemap = defineRoute({
  ...file,
  path: '/sitemap-things.xml',
  summary: 'A sitemap of things, from this handle on',
  query: Type.Object({ from: GroupHandle }, { additionalProperties: false }),
  response_types: ['application/xml'],
  errors: ['service_unavailable'],
});

export const getAsset = defineRoute({
  method: 'GET',
  service: 'web',
  access: 'public',
  limit: 'asset',
  etag: true,
  path: '/assets/{name}',
  summary: 'A file that pages load; its name changes with its content',
  params: Type.Object({
    name: Type.String({
      pattern: '^[a-z]{1,40}-[A-Za-z0-9_-]{16}\\.(?:css|svg|woff2)$',
      description: 'Name, hash of the content, kind.',
    }),
  }),
  response_types: ['text/css', 'image/svg+xml', 'font/woff2'],
  responses: { 200: Type.Unknown() },
});

export const getScript = defineRoute({
  ...file,
  limit: 'asset',
  path: '/scripts/{name}',
  summary: 'What scripts add to the pages; its name changes with its content',
  params: Type.Object({
    name: Type.String({ pattern: '^[a-z]{1,40}-[A-Za-z0-9_-]{16}\\.js$', description: 'Name, hash of the content, kind.' }),
  }),
  response_types: ['text/javascript'],
});

export const storefrontRoutes = [
  showCategory,
  showSearch,
  showProduct,
  showProof,
  getRobots,
  getManifest,
  getSitemap,
  getPageSitemap,
  getThingSitemap,
  getAsset,
  getScript,
] as const;
