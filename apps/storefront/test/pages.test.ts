/** Every page with the views of shops of all kinds: valid markup, nothing unescaped, nothing that a policy would refuse. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { homePage } from '../src/pages/home.ts';
import { listPage } from '../src/pages/list.ts';
import { productPage } from '../src/pages/product.ts';
import { proofPage } from '../src/pages/proof.ts';
import { refusalPage } from '../src/pages/refusal.ts';
import { pictureOrigins } from '../src/picture-origins.ts';
import { manifestText, pageSitemap, robotsText, sitemapIndex, thingSitemap } from '../src/sitemaps.ts';
import { pageFaults } from './_page-faults.ts';
import { aList, anyQuestion, aProduct, aProductView, aThing, frameOf, type Shop, shops } from './_views.ts';

function pagesOf(shop: Shop): readonly (readonly [string, string])[] {
  const frame = frameOf(shop);
  const category = shop.products[0]?.category ?? 'Kitchen';
  const hostile = `"><script>alert('q')</script>`;
  const filtered = { min_price: '10', max_price: '99.5', in_stock: true, sort: 'price', cursor: 'x' } as const;
  return [
    ['home', homePage({ frame, newest: shop.things })],
    ['home without news', homePage({ frame, newest: undefined })],
    ['home without categories', homePage({ frame: { ...frame, categories: undefined }, newest: shop.things })],
    ['category', listPage(aList(shop, 'category', { category }))],
    ['category, filtered', listPage(aList(shop, 'category', { category, ...filtered }))],
    ['category without counts', listPage({ ...aList(shop, 'category', { category }), facets: undefined })],
    ['category, nothing fits', listPage({ ...aList(shop, 'category', { category, ...filtered }), things: [], next_cursor: null })],
    ['search', listPage(aList(shop, 'search', { q: hostile }))],
    ['search in a category', listPage(aList(shop, 'search', { q: 'kettle', category, ...filtered }))],
    ['search, nothing found', listPage({ ...aList(shop, 'search', { q: hostile }), things: [], next_cursor: null })],
    ['everything', listPage(aList(shop, 'search'))],
    ...(shop.variants.length === 0 ? [] : [['product', productPage(aProductView(shop))] as const]),
    ['product alone', productPage({ ...aProductView(shop), thing: undefined, variants: [], counted: undefined, related: undefined })],
    ['product, archived', productPage(aProductView(shop, { ...(shop.variants[0] ?? aProduct()), status: 'archived' }))],
    ['proof', proofPage({ frame, audit: anAudit(true) })],
    ['proof, not balanced', proofPage({ frame, audit: anAudit(false) })],
    ['proof before the first audit', proofPage({ frame, audit: null })],
    ['proof without the auditor', proofPage({ frame, audit: undefined })],
    ...(['not_found', 'away', 'too_many', 'invalid'] as const).map((kind) => [kind, refusalPage({ frame, kind })] as const),
  ];
}

function anAudit(balanced: boolean) {
  const counts = { orders: 1_234, payments: 1_200, movements: 98_765 };
  return { finished_at: '2026-11-30T12:00:00.000Z', balanced, counts, violation_count: balanced ? 0 : 2 };
}

describe('the pages of the shop', () => {
  let drawn = 0;
  for (const shop of shops) {
    it(`are valid and safe for a shop that is ${shop.name}`, async () => {
      const errors: string[] = [];
      for (const [name, page] of pagesOf(shop)) {
        drawn += 1;
        errors.push(...(await pageFaults(name, page)));
        const [head = ''] = page.split('</head>');
        assert.match(head, new RegExp(`<html lang="${shop.tongue.tag}" dir="${shop.tongue.direction}">`));
      }
      assert.deepEqual(errors, []);
    });
  }

  it('say what could not be loaded, and show the rest', () => {
    const [shop] = shops;
    assert.ok(shop);
    assert.match(homePage({ frame: frameOf(shop), newest: undefined }), /does not answer at the moment/);
    const uncounted = productPage({ ...aProductView(shop), counted: undefined });
    assert.match(uncounted, /Only 3 left<\/span> <span class="quiet">as last known/);
    assert.match(productPage(aProductView(shop)), /Only 3 left<\/span> <span class="quiet">counted just now/);
  });

  it('lead from each option to the variant that keeps the others, and name what is sold out', () => {
    const [shop] = shops;
    assert.ok(shop);
    const [berry_s, berry_m, charcoal_s, charcoal_l] = shop.variants;
    const page = productPage(aProductView(shop, berry_s));
    assert.match(page, /<h1><bdi>Merino Jumper<\/bdi><\/h1>/);
    const colours = page.slice(page.indexOf('Colour'), page.indexOf('Size'));
    assert.ok(colours.includes(`variant=${charcoal_s?.id}`) && !colours.includes(`variant=${charcoal_l?.id}`), 'the size is kept');
    assert.match(page, new RegExp(`class="chip gone" href="/p/merino-jumper\\?variant=${berry_m?.id}" aria-label="M, sold out"`));
    const sizes = [...page.slice(page.indexOf('Size')).matchAll(/<span dir="auto">([SML])<\/span>/g)].map(([, size]) => size);
    assert.deepEqual(sizes, ['S', 'M', 'L']);
  });

  it('show a drawing by the words of the name where a product has no picture, and a letter where it has no words', () => {
    const [shop] = shops;
    assert.ok(shop);
    const names = ['Klappstühle, grün', '折りたたみ椅子', 'x'.repeat(500), '7'];
    const page = listPage({ ...aList(shop, 'search'), things: names.map((title) => aThing({ title, image_url: null })) });
    const drawn = [...page.matchAll(/src="\/api\/products\/pictures\/([^"]*)"/g)].map(([, name]) => name);
    assert.deepEqual(drawn, ['like-klappstuhle-grun.svg', `like-${'x'.repeat(100)}.svg`]);
    assert.equal(page.match(/class="letter"/g)?.length, 2);
  });

  it('load pictures by https and from this shop, and name at most eight origins', () => {
    const [shop] = shops;
    const long = shops.find(({ name }) => name === 'long');
    assert.ok(shop && long);
    assert.deepEqual(pictureOrigins(productPage(aProductView(shop))), []);
    assert.equal(pictureOrigins(productPage(aProductView(long))).length, 8);
    const odd = [
      'https://a.example;script-src/x',
      'https://user@b.example/x',
      'https://c.example:8443/x',
      'ftp://d.example/x',
      'javascript:alert(1)',
    ];
    const page = listPage({ ...aList(shop, 'search'), things: odd.map((image_url) => aThing({ image_url })) });
    assert.deepEqual(pictureOrigins(page), ['https://b.example', 'https://c.example:8443']);
  });

  it('say whether the books balance, when that was seen, and that it is not known', () => {
    const [shop] = shops;
    assert.ok(shop);
    const frame = frameOf(shop);
    assert.match(
      proofPage({ frame, audit: anAudit(true) }),
      /The books balance<\/h2>[\s\S]*30 November 2026 at 12:00[\s\S]*<dd>98,765<\/dd>/,
    );
    assert.match(proofPage({ frame, audit: anAudit(false) }), /do not balance at the moment<\/h2>[\s\S]*Contradictions<\/dt><dd>2<\/dd>/);
    assert.doesNotMatch(proofPage({ frame, audit: undefined }), /The books balance<\/h2>/);
  });

  it('describe a product to search engines', () => {
    const [shop] = shops;
    assert.ok(shop);
    const page = productPage(aProductView(shop));
    const [, text = ''] = /<script type="application\/ld\+json">([^<]*)<\/script>/.exec(page) ?? [];
    const { '@graph': graph } = JSON.parse(text) as {
      '@graph': [{ offers: unknown; image: string }, { itemListElement: { name: string }[] }];
    };
    const id = shop.variants[0]?.id ?? '';
    assert.deepEqual(graph[0].offers, {
      '@type': 'Offer',
      url: `https://shop.example/p/merino-jumper?variant=${id}`,
      price: '98',
      priceCurrency: 'EUR',
      availability: 'https://schema.org/InStock',
    });
    assert.equal(graph[0].image, 'https://shop.example/api/products/pictures/jumper-Berry.svg');
    assert.deepEqual(
      graph[1].itemListElement.map(({ name }) => name),
      ['Souk', 'Clothing', 'Merino Jumper'],
    );
    assert.match(page, /<link rel="canonical" href="https:\/\/shop\.example\/">/);
  });

  it('are told to search engines by addresses that XML can hold', () => {
    const origin = 'https://shop.example';
    const hostile = `a/b<c>&'"\u202e`;
    const pages = pageSitemap(origin, [{ name: 'Coffee & Tea' }, { name: "Men's" }, { name: hostile }]);
    assert.deepEqual(
      [...pages.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, address]) => address),
      ['/', '/proof', '/c/Coffee%20%26%20Tea', '/c/Men&apos;s'].map((path) => `${origin}${path}`),
    );
    assert.match(thingSitemap(origin, ['düne-2']), /<loc>https:\/\/shop\.example\/p\/d%C3%BCne-2<\/loc>/);
    assert.match(sitemapIndex(origin, ['a', 'düne']), /sitemap-pages\.xml<[\s\S]*\?from=a<[\s\S]*\?from=d%C3%BCne</);
    assert.match(robotsText(origin), /^User-agent: \*\nDisallow: \/api\/\n[\s\S]*\n\nSitemap: https:\/\/shop\.example\/sitemap\.xml\n$/);
    assert.equal((JSON.parse(manifestText('Ann & "Bob"', '/assets/icon.svg')) as { name: string }).name, 'Ann & "Bob"');
  });

  it('keep questions in their addresses', () => {
    const [shop] = shops;
    assert.ok(shop);
    const page = listPage(aList(shop, 'search', { q: 'a b&c', max_price: '20', cursor: 'x' }));
    assert.ok(page.includes('href="/search?q=a%20b%26c&amp;max_price=20&amp;cursor=WyJ4%22Il0%26"'), 'the next page');
    assert.ok(page.includes('href="/search?q=a%20b%26c"'), 'without the filter, from the first page');
    assert.deepEqual(anyQuestion.cursor, undefined);
  });

  it('let things be chosen by what they say of themselves, with how many there are', () => {
    const [shop] = shops;
    assert.ok(shop);
    const matches = [
      { name: 'attribute.wood & more', values: ['oak'] },
      { name: 'option.Colour', values: ['Berry', 'Gone'] },
    ];
    const page = listPage(aList(shop, 'category', { category: 'Clothing', matches }));
    const ticks = [
      ...page.matchAll(
        /<input id="facet-[\d-]+" type="checkbox" name="([^"]*)" value="([^"]*)"( checked)?[^>]*><label[^>]*><span dir="auto">[^<]*<\/span> <span class="quiet">(\d+)</g,
      ),
    ];
    assert.deepEqual(
      ticks.map(([, name, value, checked, count]) => [name, value, checked !== undefined, count]),
      [
        ['option.Size', 'S', false, '2'],
        ['option.Size', 'M', false, '1'],
        ['option.Size', 'L', false, '1'],
        ['option.Colour', 'Berry', true, '2'],
        ['option.Colour', 'Charcoal', false, '2'],
        ['option.Colour', 'Gone', true, '0'],
      ],
    );
    assert.ok(
      page.includes('<input type="hidden" name="attribute.wood &amp; more" value="oak">'),
      'what is not counted any more stays chosen',
    );
    assert.ok(page.includes('href="/c/Clothing?attribute.wood%20%26%20more=oak&amp;option.Colour=Gone"'), 'without one of them');
  });

  it('were drawn', () => {
    process.stdout.write(`storefront: ${drawn} pages valid\n`);
  });
});
