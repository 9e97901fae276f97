/** Views as shops of all kinds give rise to them. */
import type { Facets } from '@souk/contracts';
import type { FrameView, ListQuestion, ListView, ProductView, ShownProduct, ShownThing } from '../src/views.ts';
import { type Tongue, tongueFor } from '../src/words/languages.ts';
import type { Words } from '../src/words/words.ts';

const script = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`;
const turned = '\u202egnp.exe\u202c\u2066\u0007';
const long = 'Ünverwüstlichkeitsprüfung'.repeat(12);

let made = 0;
export function aProduct(change: Partial<ShownProduct> = {}): ShownProduct {
  made += 1;
  return {
    id: `0198c5a4-7be2-7f19-93c4-${String(made).padStart(12, '0')}`,
    sku: `kettle-${made}`,
    name: 'Copper Kettle',
    description: 'Boils water.\nSings when it does.',
    price: 129.95,
    currency: 'EUR',
    category: 'Kitchen',
    image_url: '/api/products/pictures/kettle.svg',
    attributes: { material: 'copper' },
    group_id: null,
    options: {},
    stock_quantity: 12,
    status: 'active',
    ...change,
  };
}

/** The thing of a product that is alone, or of some variants. */
export function aThing(change: Partial<ShownThing> = {}): ShownThing {
  const { id, name, description, category, image_url, price, currency } = aProduct();
  return {
    id,
    handle: `kettle-${made}`,
    title: name,
    description,
    category,
    image_url,
    min_price: price,
    max_price: price,
    currency,
    variant_count: 1,
    available_count: 1,
    ...change,
  };
}

function thingsOf(products: readonly ShownProduct[]): ShownThing[] {
  return [...Map.groupBy(products, ({ id, group_id }) => group_id ?? id)].flatMap(([id, variants]) => {
    const [first] = variants;
    if (first === undefined) return [];
    const { name, description, category, image_url, currency } = first;
    const prices = variants.map(({ price }) => price);
    const change = {
      id,
      title: name,
      description,
      category,
      image_url,
      currency,
      min_price: Math.min(...prices),
      max_price: Math.max(...prices),
    };
    return [
      aThing({
        ...change,
        variant_count: variants.length,
        available_count: variants.filter(({ stock_quantity }) => stock_quantity > 0).length,
      }),
    ];
  });
}

const jumper = (colour: string, size: string, stock_quantity: number): ShownProduct =>
  aProduct({
    name: `Merino Jumper – ${colour} / ${size}`,
    group_id: 'a40857d2-c6dc-8eb1-a104-2410259ad272',
    options: { ['Size']: size, ['Colour']: colour },
    image_url: `/api/products/pictures/jumper-${colour}.svg`,
    category: 'Clothing',
    price: size === 'L' ? 105 : 98,
    stock_quantity,
  });

export interface Shop {
  name: string;
  tongue: Tongue;
  products: readonly ShownProduct[];
  things: readonly ShownThing[];
  variants: readonly ShownProduct[];
}

const english = tongueFor('en');
const jumpers = [jumper('Berry', 'S', 3), jumper('Berry', 'M', 0), jumper('Charcoal', 'S', 40), jumper('Charcoal', 'L', 1)];
const hostileVariants = [
  { ['Colour']: script, [script]: 'x' },
  { ['Colour']: turned, [script]: '' },
].map((options) =>
  aProduct({
    name: `${script} – ${script} / x`,
    sku: script,
    description: `${script}\n`.repeat(200),
    category: `a/b\\c${script}?&#%`,
    image_url: 'http://elsewhere.example/x.png',
    attributes: { [script]: script, [turned]: turned, constructor: 'x' },
    group_id: 'a40857d2-c6dc-8eb1-a104-2410259ad273',
    options,
    price: 0,
    stock_quantity: 0,
  }),
);

/** Every text as long again, accented and in brackets: what is cut off, or not in the catalogue, is seen. */
function pseudo<Part>(part: Part): Part {
  if (typeof part === 'string') return `⟦${part.replaceAll(/[aeiou]/g, '$&́')}${'·'.repeat(Math.ceil(part.length / 3))}⟧` as Part;
  if (typeof part === 'function')
    return ((...parameters: unknown[]) => pseudo((part as (...given: unknown[]) => string)(...parameters))) as Part;
  return Object.fromEntries(Object.entries(part as object).map(([name, inner]) => [name, pseudo(inner as unknown)])) as Part;
}

const written: readonly Omit<Shop, 'things'>[] = [
  { name: 'full', tongue: english, products: [...jumpers, aProduct(), aProduct({ category: null, stock_quantity: 0 })], variants: jumpers },
  { name: 'German', tongue: tongueFor('de'), products: [...jumpers, aProduct({ price: 1_234.5 })], variants: jumpers },
  { name: 'French', tongue: tongueFor('fr'), products: [...jumpers, aProduct({ price: 1_234.5 })], variants: jumpers },
  {
    name: 'empty',
    tongue: english,
    products: [],
    variants: [aProduct({ description: '', category: null, image_url: null, attributes: {}, name: '–', price: 0 })],
  },
  {
    name: 'long',
    tongue: english,
    products: [aProduct({ name: long, category: long.slice(0, 120) })],
    variants: Array.from({ length: 100 }, (_each, index) =>
      aProduct({
        name: long,
        description: `${long}\n`.repeat(40),
        price: 10_000_000_000,
        currency: 'KWD',
        group_id: 'a40857d2-c6dc-8eb1-a104-2410259ad274',
        options: { [long.slice(0, 60)]: `${index} ${long}`.slice(0, 300) },
        attributes: Object.fromEntries(Array.from({ length: 50 }, (_one, at) => [`${at} ${long}`.slice(0, 60), long.slice(0, 300)])),
        image_url: `https://pictures-${index}.example/${'x'.repeat(1_900)}.jpg`,
      }),
    ),
  },
  { name: 'hostile', tongue: english, products: hostileVariants, variants: hostileVariants },
  {
    name: 'right to left',
    tongue: { tag: 'ar', locale: 'ar-EG', direction: 'rtl', words: pseudo<Words>(english.words) },
    products: [aProduct({ name: 'إبريق نحاسي', category: 'المطبخ' }), ...jumpers],
    variants: jumpers,
  },
];

export const shops: readonly Shop[] = written.map((shop) => ({ ...shop, things: thingsOf(shop.products) }));

export function frameOf({ tongue, products, name }: Shop, canonical = '/'): FrameView {
  const categories = Map.groupBy(products, ({ category }) => category);
  return {
    tongue,
    shop_name: name === 'hostile' ? script : 'Souk',
    origin: 'https://shop.example',
    assets: {
      style: '/assets/storefront-abc.css',
      icon: '/assets/icon-abc.svg',
      script: '/scripts/storefront-abc.js',
      fonts: ['/assets/figtree-abc.woff2'],
    },
    canonical,
    person:
      name === 'empty' ? undefined : { full_name: name === 'full' ? 'Nora Novak' : (products[0]?.name ?? undefined), is_guest: false },
    cart_pieces: name === 'empty' ? 0 : 3,
    time_zone: name === 'German' ? 'Europe/Berlin' : 'UTC',
    categories: [...categories].flatMap(([category, of_it]) =>
      category === null ? [] : [{ name: category, product_count: of_it.length }],
    ),
  };
}

export const anyQuestion: ListQuestion = {
  category: undefined,
  q: undefined,
  min_price: undefined,
  max_price: undefined,
  in_stock: false,
  matches: [],
  sort: undefined,
  cursor: undefined,
};

function facetsOf(products: readonly ShownProduct[]): Facets {
  const categories = Map.groupBy(products, ({ category }) => category ?? '');
  return {
    product_count: products.length,
    approximate: products.length > 3,
    categories: [...categories].map(([name, of_it]) => ({ name, product_count: of_it.length })),
    currency: 'EUR',
    prices: [],
    options: [],
  };
}

/** What the options of products are, as they are filtered by. */
function choicesOf(products: readonly ShownProduct[]): ListView['choices'] {
  const names = new Set(products.flatMap(({ options }) => Object.keys(options)));
  return [...names].map((name) => {
    const values = Map.groupBy(products, ({ options }) => options[name] ?? '');
    return { name: `option.${name}`, more: false, values: [...values].map(([value, of_it]) => ({ value, group_count: of_it.length })) };
  });
}

export function aList(shop: Shop, kind: ListView['kind'], change: Partial<ListQuestion> = {}): ListView {
  const question = { ...anyQuestion, ...change };
  return {
    frame: frameOf(shop),
    kind,
    question,
    things: shop.things,
    next_cursor: 'WyJ4"Il0&',
    facets: facetsOf(shop.products),
    choices: choicesOf(shop.products),
    only_close: change.q !== undefined,
  };
}

export function aProductView(shop: Shop, product = shop.variants[0] ?? aProduct()): ProductView {
  return {
    frame: frameOf(shop),
    product,
    thing: { id: product.group_id ?? product.id, handle: 'merino-jumper', title: product.name.split(' – ')[0] || product.name },
    variants: shop.variants.length > 1 ? shop.variants : [],
    counted: new Map(shop.variants.map(({ id, stock_quantity }) => [id, stock_quantity])),
    related: shop.things,
  };
}
