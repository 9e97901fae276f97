/** How long lists, facets and suggestions of a large catalogue take when nothing of them is remembered. */
import { rm } from 'node:fs/promises';
import { mapBounded, systemIds } from '@souk/kernel';
import { copyProducts } from './copied-products.ts';
import { type BenchPlatform, makeHome, startPlatform } from './platform.ts';

export interface CatalogueMeasurement {
  products: number;
  rows: readonly { name: string; p50_ms: number; worst_ms: number }[];
}

const aimMs = 50;
const [groupCount, sizes] = [60, ['S', 'M', 'L', 'XL']] as const;
const categories = ['Chairs', 'Lamps', 'Bowls', 'Shirts', 'Bags', 'Plants', 'Clocks', 'Blankets'];
const materials = ['oak', 'wool', 'linen', 'steel', 'clay', 'leather'];
const nouns = ['chair', 'lamp', 'bowl', 'shirt', 'bag', 'pot', 'clock', 'blanket'];
const batchItems = 100;
const batchesAtOnce = 2;
const repeats = 25;

/** Each path is asked for once only, so that no answer comes from memory. */
const questions: readonly { name: string; path: (n: number) => string }[] = [
  { name: 'products, newest', path: (n) => `/api/products?limit=${20 + n}` },
  {
    name: 'products of a category and a price, in stock',
    path: (n) => `/api/products?${of(n)}&min_price=${10 + n}&max_price=${60 + n}&in_stock=true&sort=price`,
  },
  {
    name: 'products by attribute and option',
    path: (n) => `/api/products?${of(n)}&attribute.material=${at(materials, n)}&option.size=M&min_price=${n}`,
  },
  { name: 'products, search', path: (n) => `/api/products?q=${search(n)}&limit=24` },
  { name: 'groups, newest', path: (n) => `/api/groups?limit=${20 + n}` },
  { name: 'groups of a category, by price', path: (n) => `/api/groups?${of(n)}&sort=price&min_price=${10 + n}` },
  {
    name: 'groups by attribute and option, in stock',
    path: (n) => `/api/groups?${of(n)}&attribute.material=${at(materials, n)}&option.size=M&in_stock=true&limit=${20 + n}`,
  },
  { name: 'groups, search', path: (n) => `/api/groups?q=${search(n)}&limit=24` },
  { name: 'facets of groups of a category', path: (n) => `/api/groups/facets?${of(n)}` },
  {
    name: 'facets of filtered groups',
    path: (n) => `/api/groups/facets?${of(n)}&attribute.material=${at(materials, n)}&min_price=${10 + n}`,
  },
  { name: 'facets of products', path: (n) => `/api/products/facets?${of(n)}&min_price=${10 + n}` },
  {
    name: 'suggestions, half a word',
    path: (n) =>
      `/api/products/suggestions?q=${encodeURIComponent(`${at(['quiet', 'amber', 'stone', 'copper', 'velvet'], n)} ${at(nouns, n)[0]}${'aeiou'[n % 5]}`)}`,
  },
  {
    name: 'suggestions, misspelt',
    path: (n) => `/api/products/suggestions?q=${encodeURIComponent(`${at(['harbuor', 'lantren', 'orchrad', 'thuder', 'ceder'], n)} ${n}`)}`,
  },
];

function at<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}

function of(n: number): string {
  return `category=${at(categories, n)}`;
}

function search(n: number): string {
  return encodeURIComponent(
    `${at(['harbour', 'meadow', 'lantern', 'orchard', 'thunder', 'river', 'cedar'], n)} ${at(nouns, n)} ${at(sizes, n)}`,
  );
}

export async function measureCatalogue(products: number, say: (sentence: string) => void): Promise<CatalogueMeasurement> {
  const home = await makeHome();
  say('starting the shop in an empty home');
  const platform = await startPlatform(home, 'embedded', { env: { AUDIT_INTERVAL_MS: '0' } });
  try {
    await makeGroups(platform);
    const made = await copyProducts(platform, products, say);
    say(`asking ${questions.length} questions, ${repeats} times each`);
    const rows: CatalogueMeasurement['rows'][number][] = [];
    for (const { name, path } of questions) rows.push({ name, ...(await ask(platform, path)) });
    return { products: made, rows };
  } finally {
    await platform.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function makeGroups({ gateway_url, login }: BenchPlatform): Promise<void> {
  const token = await login('staff');
  const items = Array.from({ length: groupCount }, (_, group) => {
    const group_id = systemIds.uuid();
    const name = `${at(materials, group)} ${at(nouns, group)} ${group}`;
    return sizes.map((size, variant) => ({
      ...{
        sku: `bench-${group}-${variant}`,
        name: `${name} – ${size}`,
        price: 10 + group + variant,
        currency: 'EUR',
        stock_quantity: 50,
        group_id,
      },
      ...{
        category: at(categories, group),
        attributes: { material: at(materials, group), maker: `maker ${group % 20}` },
        options: { size },
      },
      description: `A ${name} of ${at(materials, group)}, made by hand and sent within three days.`,
    }));
  }).flat();
  const batches = Array.from({ length: Math.ceil(items.length / batchItems) }, (_, part) =>
    items.slice(part * batchItems, (part + 1) * batchItems),
  );
  await mapBounded(batches, batchesAtOnce, async (batch) => {
    const response = await fetch(`${gateway_url}/api/products/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify({ items: batch }),
    });
    const results = (await response.json()) as { status: number }[];
    if (response.status !== 200 || results.some(({ status }) => status !== 201))
      throw new Error(`products could not be made: ${JSON.stringify(results).slice(0, 500)}`);
  });
}

/** At the service itself: the gateway would answer from its memory. The first few, by which plans are made, are not counted. */
async function ask({ urls }: BenchPlatform, path: (n: number) => string): Promise<{ p50_ms: number; worst_ms: number }> {
  const times: number[] = [];
  const warmUps = 5;
  for (let n = 0; n < warmUps + repeats; n += 1) {
    const began = performance.now();
    const response = await fetch(`${urls['products']}${path(n)}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path(n)} was answered with ${response.status}: ${text}`);
    if (n >= warmUps) times.push(performance.now() - began);
  }
  times.sort((one, other) => one - other);
  return { p50_ms: times[Math.floor(times.length / 2)] ?? 0, worst_ms: times.at(-1) ?? 0 };
}

/** The table that is printed: each question with the aim. */
export function catalogueLines({ products, rows }: CatalogueMeasurement): string[] {
  return [
    `${products} products; the aim is at most ${aimMs} ms at the median, uncached, at the service`,
    '',
    ...rows.map(({ name, p50_ms, worst_ms }) => {
      const verdict = p50_ms <= aimMs ? 'reached' : 'MISSED';
      return `${name.padEnd(50)}${p50_ms.toFixed(1).padStart(8)} ms   ${verdict}, slowest ${worst_ms.toFixed(1)} ms`;
    }),
  ];
}
