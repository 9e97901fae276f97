/** Files as other programs write them: what they are, what is wrong in them, and what to do about it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Product } from '@souk/contracts';
import { importCsv, listed, openShop, type Problem, type Report, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.stop());

async function refusedFile(csv: string | Buffer<ArrayBuffer>): Promise<Problem> {
  const response = await fetch(`${shop.url}/api/products/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shop.staff}`, 'content-type': 'text/csv' },
    body: csv,
  });
  const problem = (await response.json()) as Problem;
  assert.deepEqual([response.status, problem.code], [400, 'csv_invalid'], JSON.stringify(problem));
  return problem;
}

const bySku = async (sku: string): Promise<Product | undefined> =>
  (await listed(shop, `q=${encodeURIComponent(sku)}`)).find((product) => product.sku === sku);
const reasons = ({ refusals }: Report): string => refusals.map(({ line, reason }) => `${line}: ${reason}`).join('\n');

describe('a header', () => {
  it('in another encoding is refused with its line', async () => {
    const header = Buffer.concat([
      Buffer.from('\n\nsku,name,price,attribute:Gr'),
      Buffer.from([0xf6, 0xdf]),
      Buffer.from('e\nENC-1,Name,1,L\n'),
    ]);
    const { detail } = await refusedFile(header);
    assert.match(detail, /Line 3.*UTF-8/);
    assert.equal(await bySku('ENC-1'), undefined);
  });

  for (const [what, start] of [
    ['blank lines', '\n\n  \n'],
    ['a line of separators', ';;;\n'],
    ['a byte order mark and a blank line', '\ufeff\n'],
    ['a named separator below a blank line', '\nsep=;\n'],
  ] as const) {
    it(`is found below ${what}, and lines are counted from the first`, async () => {
      const report = await importCsv(shop, `${start}sku;name;price\nBELOW;"A; b";1,5\nBELOW-2;Two;2\n`);
      assert.deepEqual([report.rows, report.refused], [2, 1], reasons(report));
      assert.equal(report.refusals[0]?.line, start.split('\n').length + 1);
      const { detail } = await refusedFile(`${start}sku;title\n1;2\n`);
      assert.match(detail, new RegExp(`Columns found in line ${start.split('\n').length}: sku, title`));
    });
  }

  it('with names that are nearly right asks instead of losing them', async () => {
    for (const [name, meant] of [
      ['Stock', 'stock_quantity'],
      ['Quantity', 'stock_quantity'],
      ['QTY', 'stock_quantity'],
      ['stock_quantitiy', 'stock_quantity'],
      ['On hand', 'stock_quantity'],
      ['Curency', 'currency'],
      ['Image', 'image_url'],
      ['Desc', 'description'],
      ['Product Type', 'category'],
    ] as const) {
      const csv = `sku,name,price,${name}\nNEAR-1,Name,1,5\n`;
      const { detail } = await refusedFile(csv);
      assert.match(detail, new RegExp(`"${name}".*"${meant}".*ignore_unknown_columns`), detail);
      assert.equal(await bySku('NEAR-1'), undefined);
    }
    assert.match((await refusedFile('Handle,Title,Variant Price,Variant Inventory Quantity\na,A,1,5\n')).detail, /"variant inventory qty"/);
  });

  it('that asked is taken when requested, and names what was left aside', async () => {
    const response = await fetch(`${shop.url}/api/products/import?ignore_unknown_columns=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.staff}`, 'content-type': 'text/csv' },
      body: 'sku,name,price,Stock,Mine,name\nASK-1,Name,1,5,x,Other\n',
    });
    const report = (await response.json()) as Report;
    assert.deepEqual([report.created, report.ignored_columns, report.ignored_column_names], [1, 3, ['Stock', 'Mine', 'name']]);
    assert.deepEqual([(await bySku('ASK-1'))?.stock_quantity, (await bySku('ASK-1'))?.name], [0, 'Name']);
  });

  it('in own columns may be written with blanks, and its further columns are named', async () => {
    const report = await importCsv(
      shop,
      'SKU,Name,Price,Stock Quantity,Image URL,Supplier\nLOOSE-1,Name,1,7,https://example.org/a.png,x\n',
    );
    assert.deepEqual([report.created, report.ignored_column_names], [1, ['Supplier']]);
    const product = await bySku('LOOSE-1');
    assert.deepEqual([product?.stock_quantity, product?.image_url], [7, 'https://example.org/a.png']);
  });
});

describe('a cell as spreadsheets write it', () => {
  const cells: [string, string, RegExp][] = [
    ['an SKU as a formula', '"=""00123""",Name,1', /"=\\"00123\\"" is a formula; write 00123 alone/],
    ['an SKU cut short', '1.23457E+12,Name,1', /cut short by a spreadsheet; format its column as text/],
    ['an SKU cut short with a comma', '"1,23E+12",Name,1', /cut short/],
    ['an SKU that is an error', '#N/A,Name,1', /error of a spreadsheet/],
    ['another formula', '=A1+B1,Name,1', /is a formula/],
    ['a name that is an error', 'X,#REF!,1', /the name .* error of a spreadsheet/],
    ['a price without its zero', 'X,Name,.99', /write a digit before the point: 0\.99/],
    ['a price with its sign', 'X,Name,$19.99', /write the number alone, like 19\.99, and its currency in the column currency/],
    ['a price with its sign behind', 'X,Name,19.99 €', /write the number alone/],
    ['a price with its code', 'X,Name,USD 5', /write the number alone/],
    ['a price with sign and separators', 'X,Name,"$1,234.50"', /write the number alone.*without thousands separators/],
    ['a price with a sign and no zero', 'X,Name,$.99', /0\.99/],
    ['a price with a decimal comma', 'X,Name,"19,99"', /with a point/],
    ['a price with apostrophes', "X,Name,1'234.50", /without thousands separators/],
    ['a price that ends in a point', 'X,Name,5.', /write it without the point: 5/],
    ['a price in brackets', 'X,Name,(5.00)', /below zero/],
    ['a price that is an error', 'X,Name,#VALUE!', /error of a spreadsheet/],
    ['a price of many digits', `X,Name,1.${'0'.repeat(80_000)}1`, /too long/],
  ];
  for (const [what, row, reason] of cells) {
    it(`is refused with what to do: ${what}`, async () => {
      const started = performance.now();
      const report = await importCsv(shop, `sku,name,price\n${row}\n`);
      assert.equal(report.created, 0);
      assert.match(report.refusals[0]?.reason ?? '', reason);
      assert.ok((report.refusals[0]?.reason.length ?? 0) < 400);
      assert.ok(performance.now() - started < 2_000);
    });
  }

  it('is taken where it says what it says', async () => {
    const report = await importCsv(shop, "sku,name,price\n'00123,Text,1\n1E5,Code,1\n12E,Code,1\n#1,First,1\n-A,Minus,1\n");
    assert.deepEqual([report.created, report.refusals], [5, []]);
    assert.equal((await bySku('00123'))?.name, 'Text');
  });

  for (const url of ['//', '/\\evil.example', 'https://user:pw@example.org/a.png', '/%2fevil', 'javascript:alert(1)']) {
    it(`is refused as a picture: ${url}`, async () => {
      const report = await importCsv(shop, `sku,name,price,image_url\nPIC,Name,1,${url}\n`);
      assert.match(report.refusals[0]?.reason ?? '', /no http\(s\) address/);
    });
  }
});

describe('an export of WooCommerce', () => {
  const csv = [
    'ID,Type,SKU,Name,Published,Is featured?,Short description,Description,In stock?,Stock,Weight (kg),Sale price,Regular price,Categories,Tags,Images,Parent,Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,Attribute 2 name,Attribute 2 value(s)',
    '44,variable,W-HOOD,Hoodie,1,0,Short,"<p>Warm</p>\\n<p>Soft</p>",1,,,,,"Clothing > Hoodies, Sale",cosy,"https://example.org/h.jpg, https://example.org/h2.jpg",,Color,"Blue, Red",1,Logo,"Yes, No"',
    '45,variation,,"Hoodie - Blue, Yes",1,0,,,1,7,1.5,20,45.5,,,,W-HOOD,Color,Blue,,Logo,Yes',
    '46,variation,W-HOOD-RED,"Hoodie - Red, No",1,0,,,1,,,,42,,,https://example.org/red.jpg,W-HOOD,Color,Red,,Logo,No',
    '47,"simple, virtual",W-ALBUM,Album,1,0,A record,,1,,,,15,Music,,https://example.org/a.jpg,,Genre,"Pop, Rock",1,,',
    '48,simple,W-DRAFT,Draft,-1,0,,,0,,,,5,Music,,,,,,,,',
    '49,grouped,W-SET,Set,1,0,,,1,,,,,Music,,,,,,,,',
    '50,simple,W-FREE,No price,1,0,,,1,,,,,Music,,,,,,,,',
  ].join('\n');

  it('gives simple products and variations, and says what it cannot take', async () => {
    const report = await importCsv(shop, csv);
    assert.equal(reasons(report), '7: a product of the type grouped is not sold by itself\n8: the price is missing');
    assert.deepEqual([report.rows, report.created, report.ignored_columns], [7, 4, 0]);
    assert.ok(report.unused_column_names.includes('Sale price') && report.unused_column_names.includes('In stock?'));
    const blue = (await listed(shop, 'q=hoodie')).find(({ name }) => name.includes('Blue'));
    const red = await bySku('W-HOOD-RED');
    assert.deepEqual([blue?.price, blue?.stock_quantity, blue?.category, blue?.description], [45.5, 7, 'Hoodies', 'Warm\n\nSoft']);
    assert.deepEqual(
      [blue?.options, red?.options],
      [
        { ['Color']: 'Blue', ['Logo']: 'Yes' },
        { ['Color']: 'Red', ['Logo']: 'No' },
      ],
    );
    assert.ok(blue?.group_id && blue.group_id === red?.group_id);
    assert.deepEqual([blue.image_url, red.image_url], ['https://example.org/h.jpg', 'https://example.org/red.jpg']);
    const album = await bySku('W-ALBUM');
    assert.deepEqual([album?.description, album?.attributes, album?.options], ['A record', { ['Genre']: 'Pop, Rock' }, {}]);
    assert.deepEqual(await listed(shop, 'q=W-DRAFT'), []);
    assert.equal((await importCsv(shop, csv)).unchanged, 4);
  });

  it('without its prices is named as what it is', async () => {
    assert.match((await refusedFile('ID,Type,SKU,Name,In stock?\n1,simple,a,b,1\n')).detail, /Regular price.*export of WooCommerce/);
  });
});

describe('an export of Magento', () => {
  const csv = [
    'sku,store_view_code,attribute_set_code,product_type,categories,product_websites,name,description,short_description,weight,product_online,price,special_price,url_key,base_image,qty,additional_attributes,configurable_variations,Mine',
    'M-BAG,,Default,simple,"Default Category/Gear/Bags,Default Category/Sale",base,Duffle Bag,<p>Big</p>,,1,1,34.000000,30,duffle-bag,/m/b/mb01.jpg,100.0000,"color=Red, blue,size=M",,x',
    'M-BAG,german,,,,,Reisetasche,,,,,,,,,,,,',
    'M-SHIRT,,Top,configurable,,base,Shirt,,,,1,,,shirt,,,,"sku=M-SHIRT-S,size=S",',
    'M-OFF,,Top,simple,,base,Off,,,,2,5,,off,https://example.org/o.jpg,1,,,',
  ].join('\n');

  it('gives what is sold, and says what it cannot take', async () => {
    const report = await importCsv(shop, csv);
    assert.equal(reasons(report), '3: the row is for the store view "german"; only the default texts are imported');
    assert.deepEqual([report.created, report.ignored_column_names], [2, ['Mine']]);
    const bag = await bySku('M-BAG');
    assert.deepEqual([bag?.price, bag?.stock_quantity, bag?.category, bag?.description, bag?.image_url], [34, 100, 'Bags', 'Big', null]);
    assert.deepEqual(bag?.attributes, { color: 'Red, blue', size: 'M' });
    assert.equal(shop.published().find((event) => event['sku'] === 'M-OFF')?.['status'], 'archived');
  });

  it('without its prices is named as what it is', async () => {
    assert.match((await refusedFile('sku,product_type,url_key,name\na,simple,b,c\n')).detail, /price.*export of Magento/);
  });
});

describe('an export of the shop', () => {
  const exported = async (query = '') => {
    const answer = await shop.call('GET', `/api/products/export${query}`);
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.headers.get('content-disposition') ?? '', /filename="products.csv"/);
    return answer.text;
  };

  it('is taken back by the import, and changes nothing', async () => {
    const archived = await shop.add({
      name: 'Gone "for good", really; =1',
      options: { size: 'M', 'a,b': '=2' },
      description: 'Two\n\nparts',
    });
    await shop.call('DELETE', `/api/products/${archived.id}`);
    const file = await exported();
    const lines = await shop.service.context.db.query('select from products');
    const { rows, unchanged, refused } = await importCsv(shop, file);
    assert.deepEqual([rows, unchanged, refused], [lines.length, lines.length, 0]);
    assert.equal(await exported(), file, 'and the next export is the same');
  });

  it('for a spreadsheet holds nothing that would be run there', async () => {
    await shop.add({ name: '=cmd|/c calc', attributes: { note: '@SUM(A1)' } });
    const cells = (await exported('?for=spreadsheet')).split(/[,\r\n]+/);
    assert.deepEqual(
      cells.filter((cell) => /^"?[=+\-@]/.test(cell)),
      [],
    );
    assert.ok(cells.includes("'=cmd|/c calc") && cells.includes("'@SUM(A1)"));
  });
});
