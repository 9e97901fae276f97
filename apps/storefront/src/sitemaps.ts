/** What search engines are told: which addresses there are. The form is that of sitemaps.org, version 0.9. */
import { categoryPath, homePath, productPath, proofPath } from './addresses.ts';

const namespace = 'http://www.sitemaps.org/schemas/sitemap/0.9';
const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

/** The sitemap of sitemaps: that of pages, and one for each part of all things. `starts` are the first handles of the parts. */
export function sitemapIndex(origin: string, starts: readonly string[]): string {
  const paths = ['/sitemap-pages.xml', ...starts.map((handle) => `/sitemap-things.xml?from=${encodeURIComponent(handle)}`)];
  return `${declaration}\n<sitemapindex xmlns="${namespace}">\n${paths.map((path) => `<sitemap><loc>${location(origin, path)}</loc></sitemap>\n`).join('')}</sitemapindex>\n`;
}

export function pageSitemap(origin: string, categories: readonly { readonly name: string }[]): string {
  // A category whose name fits no path is found through the search, which search engines leave alone.
  const listed = categories.map(({ name }) => categoryPath(name)).filter((path) => path.startsWith('/c/'));
  return urlSet(origin, [homePath, proofPath, ...listed]);
}

export function thingSitemap(origin: string, handles: readonly string[]): string {
  return urlSet(origin, handles.map(productPath));
}

function urlSet(origin: string, paths: readonly string[]): string {
  return `${declaration}\n<urlset xmlns="${namespace}">\n${paths.map((path) => `<url><loc>${location(origin, path)}</loc></url>\n`).join('')}</urlset>\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

function location(origin: string, path: string): string {
  return `${origin}${path}`.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** Pages of one person, and lists in every order, are nothing to find. */
const leftAlone = ['/api/', '/search', '/cart', '/checkout', '/orders/', '/account', '/session', '/console', '/graphql'];

export function robotsText(origin: string): string {
  return `User-agent: *\n${leftAlone.map((path) => `Disallow: ${path}\n`).join('')}\nSitemap: ${origin}/sitemap.xml\n`;
}

/** For browsers that put the shop among the programs of a telephone. */
export function manifestText(shop_name: string, icon: string): string {
  return JSON.stringify({
    name: shop_name,
    short_name: shop_name,
    start_url: homePath,
    display: 'minimal-ui',
    icons: [{ src: icon, type: 'image/svg+xml', sizes: 'any' }],
  });
}
