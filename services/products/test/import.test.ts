import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Product } from '@souk/contracts';
import { importCsv, listed, openShop, type Problem, type Report, type Shop } from './_support.ts';

let shop: Shop;
let fixture: string;
before(async () => {
  shop = await openShop({ import_rows_max: 3_000, import_row_bytes_max: 10_000 });
  fixture = await readFile(new URL('fixtures/shop-export.csv', import.meta.url), 'utf8');
});
after(() => shop.stop());

const bySku = async (sku: string): Promise<Product | undefined> =>
  (await listed(shop, `q=${encodeURIComponent(sku)}`)).find((product) => product.sku === sku);
const refusedFile = async (csv: string | Buffer<ArrayBuffer>): Promise<Problem> => {
  const response = await fetch(`${shop.url}/api/products/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shop.staff}`, 'content-type': 'text/csv' },
    body: csv,
  });
  assert.equal(response.status, 400);
  const problem = (await response.json()) as Problem;
  assert.equal(problem.code, 'csv_invalid', JSON.stringify(problem));
  return problem;
};
const counts = ({ rows, created, updated, unchanged, refused }: Report) => ({ rows, created, updated, unchanged, refused });

describe('an export of another shop', () => {
  it('becomes products with variants, texts without HTML, and refusals with line and reason', async () => {
    const report = await importCsv(shop, `\ufeff${fixture}`);
    assert.deepEqual(counts(report), { rows: 8, created: 6, updated: 0, unchanged: 0, refused: 1 });
    assert.deepEqual(report.refusals, [{ line: 8, reason: 'the price is missing', handle: 'no-price' }]);
    assert.equal(report.ignored_columns, 1);
    const small = await bySku('J-S-RED');
    assert.equal(small?.name, 'Cosy Jumper – Small / Red');
    assert.equal(small?.description, 'Soft & warm.\n\nKnitted in "one piece"\n\nWashes at 30°');
    assert.deepEqual([small?.price, small?.currency, small?.category, small?.stock_quantity], [89.9, 'EUR', 'Jumpers', 4]);
    assert.deepEqual(Object.entries(small?.options ?? {}), [
      ['Size', 'Small'],
      ['Colour', 'Red'],
    ]);
    assert.deepEqual(small?.attributes, { vendor: 'Wool & Co', tags: 'warm, winter', weight: '500 g' });
    const medium = await bySku('J-M-RED');
    assert.deepEqual(
      [medium?.description, medium?.group_id, medium?.image_url],
      [small?.description, small?.group_id, 'https://example.com/red.jpg'],
    );
    const large = await bySku('cosy-jumper-large-blue');
    assert.deepEqual(
      [large?.group_id, large?.stock_quantity, large?.price, large?.image_url],
      [small?.group_id, 0, 92.5, 'https://example.com/jumper.jpg'],
    );
    const cup = await bySku('plain-cup');
    assert.deepEqual([cup?.name, cup?.group_id, cup?.options, cup?.category, cup?.stock_quantity], ['Plain Cup', null, {}, 'kitchen', 12]);
    assert.deepEqual(await listed(shop, 'category=Hats'), []);
    const opening = shop.published().find((event) => event['sku'] === 'plain-cup');
    assert.deepEqual(
      [opening?.event_type, opening?.['initial_quantity'], opening?.['price'], opening?.['status']],
      ['product.created', 12, 7, 'active'],
    );
    assert.equal(shop.published().find((event) => event['sku'] === 'HAT-1')?.['status'], 'archived');
  });

  it('comes four times at the same moment, in different orders, and every product is made once', async () => {
    const rows = Array.from({ length: 600 }, (_, index) => `TWIN-${index},Twin ${index},1,Twins`);
    const file = (price: number, lines: readonly string[]): string =>
      ['sku,name,price,category', ...lines.map((line) => line.replace(',1,', `,${price},`))].join('\n');
    const reports = await Promise.all([
      importCsv(shop, file(1, rows)),
      importCsv(shop, file(2, [...rows].reverse())),
      importCsv(shop, file(3, rows)),
      importCsv(shop, file(4, [...rows].reverse())),
    ]);
    const sum = (member: 'rows' | 'created' | 'refused'): number => reports.reduce((total, report) => total + report[member], 0);
    assert.deepEqual([sum('rows'), sum('created'), sum('refused')], [2_400, 600, 0]);
    const categories = (await (await fetch(`${shop.url}/api/categories`)).json()) as { name: string; product_count: number }[];
    assert.equal(categories.find(({ name }) => name === 'Twins')?.product_count, 600);
  });

  it('changes nothing when it comes again, and only what differs when it differs', async () => {
    const before = await bySku('J-S-RED');
    const events = shop.published().length;
    assert.deepEqual(counts(await importCsv(shop, fixture)), { rows: 8, created: 0, updated: 0, unchanged: 6, refused: 1 });
    assert.equal(shop.published().length, events);
    assert.deepEqual(await bySku('J-S-RED'), before);
    const changed = fixture.replace('J-S-RED,500,4,89.90', 'J-S-RED,500,400,79.90').replace('<p>Soft', '<p>Very soft');
    assert.deepEqual(counts(await importCsv(shop, changed)), { rows: 8, created: 0, updated: 3, unchanged: 3, refused: 1 });
    const after = await bySku('J-S-RED');
    assert.deepEqual([after?.price, after?.stock_quantity, after?.version, after?.id], [79.9, 4, 2, before?.id]);
    assert.deepEqual(
      shop
        .published()
        .slice(events)
        .map((event) => [event.event_type, event['sku'], event['price']]),
      [['product.updated', 'J-S-RED', 79.9]],
    );
  });

  it('leaves archived what staff archived, until the file itself says something else', async () => {
    const cup = await bySku('plain-cup');
    await shop.call('DELETE', `/api/products/${cup?.id}`);
    await importCsv(shop, fixture);
    assert.equal((await shop.call('GET', `/api/products/${cup?.id}`)).body.status, 'archived');
    await importCsv(shop, fixture.replace('cups",TRUE', 'cups",FALSE'));
    const report = await importCsv(shop, fixture);
    assert.equal(report.updated, 1);
    assert.equal((await shop.call('GET', `/api/products/${cup?.id}`)).body.status, 'active');
    const published = await importCsv(shop, fixture.replace('10,,,,,,,draft', '10,,,,,,,active'));
    assert.equal(published.updated, 1);
    assert.equal((await listed(shop, 'category=Hats')).length, 1);
  });

  it('is read with semicolons or tabs, in any case of the column names, and with Windows line ends', async () => {
    const lines = [
      'SKU;Name;PRICE;Category;attribute:Material;option:Size;GROUP;Stock_Quantity',
      'A-1;"Apron; large";12.5;Aprons;Linen;L;apron;3',
      'A-2;Apron small;12;Aprons;Linen;S;apron;',
    ];
    assert.equal((await importCsv(shop, `${lines.join('\r\n')}\r\n`)).created, 2);
    const apron = await bySku('A-1');
    assert.deepEqual(
      [apron?.name, JSON.stringify(apron?.attributes), JSON.stringify(apron?.options), apron?.stock_quantity],
      ['Apron; large', '{"Material":"Linen"}', '{"Size":"L"}', 3],
    );
    assert.equal(apron?.group_id, (await bySku('A-2'))?.group_id);
    assert.equal((await importCsv(shop, lines.join('\n').replaceAll(';', '\t').replace('Apron\t', 'Apron;'))).unchanged, 2);
    const named = await importCsv(shop, `\uFEFFsep=;\r\n${[...lines, ';no SKU;'].join('\r\n')}`);
    assert.deepEqual([named.unchanged, named.refusals.map(({ line }) => line)], [2, [5]]);
    const partly = await importCsv(shop, 'sku,name,price\nA-1,"Apron; large",13\n');
    assert.equal(partly.updated, 1);
    assert.deepEqual((await bySku('A-1'))?.attributes, apron?.attributes);
  });
});

describe('a row that is not right', () => {
  const header = 'sku,name,price,currency,stock_quantity,image_url,status';
  const rows: [string, string, RegExp][] = [
    ['no price', 'X,Name,,,,,', /price is missing/],
    ['a negative price', 'X,Name,-1,,,,', /below zero/],
    ['a huge price', 'X,Name,99999999999999,,,,', /too large/],
    ['too many decimals', 'X,Name,1.999,,,,', /EUR has 2 decimals/],
    ['thousands separators', 'X,Name,"1,234.50",,,,', /thousands separators/],
    ['a price in words', 'X,Name,cheap,,,,', /not a decimal number/],
    ['a currency nobody knows', 'X,Name,1,XXQ,,,', /ISO 4217/],
    ['no name', 'X,,1,,,,', /name is missing/],
    ['half a piece', 'X,Name,1,,1.5,,', /not a whole number/],
    ['too many pieces', 'X,Name,1,,2000000000,,', /larger than/],
    ['a script as image', 'X,Name,1,,,javascript:alert(1),', /no http\(s\) address/],
    ['a strange status', 'X,Name,1,,,,lost', /none of active/],
    ['a long SKU', `${'X'.repeat(121)},Name,1,,,,`, /more than 120/],
    ['more cells than columns', 'X,Name,1,,,,,extra', /8 cells for 7 columns/],
  ];
  for (const [what, row, reason] of rows) {
    it(`is refused with its line: ${what}`, async () => {
      const report = await importCsv(shop, `${header}\nGOOD,Good,1,,,,\n\n${row}\n`);
      assert.equal(report.refused, 1);
      assert.equal(report.refusals[0]?.line, 4);
      assert.match(report.refusals[0]?.reason ?? '', reason);
    });
  }

  for (const [what, lineBreak] of [
    ['Unix', '\n'],
    ['Windows', '\r\n'],
    ['old Macintosh', '\r'],
  ] as const) {
    it(`is found in its line below cells of several lines, with the line breaks of ${what} inside`, async () => {
      const csv = `sku,name,description,price\nBREAKS,Good,"one${lineBreak}two${lineBreak}three",1\n,"Bad${lineBreak}one",,-1\n,Bad,,-1\n`;
      const report = await importCsv(shop, csv);
      assert.deepEqual(
        report.refusals.map(({ line }) => line),
        [5, 7],
      );
    });
  }

  it('keeps no control characters, wherever they are', async () => {
    const filler = Array.from({ length: 900 }, (_, index) => `FILL-${index},Filler,1,,,${'x'.repeat(80)}`).join('\n');
    const csv = `sku,name,price,option:size,attribute:material,description\n${filler}\nNU\0L-1,N\0ul,1,\0S\u0001,Wo\0ol,te\0xt\n`;
    assert.equal((await importCsv(shop, csv)).refused, 0);
    const product = await bySku('NUL-1');
    assert.deepEqual(
      [product?.name, product?.options, product?.attributes, product?.description],
      ['Nul', { size: 'S' }, { material: 'Wool' }, 'text'],
    );
  });

  it('is refused when it is not UTF-8, and the others are taken', async () => {
    const csv = Buffer.concat([
      Buffer.from(`${header}\nU-1,`),
      Buffer.from([0x4b, 0xe4, 0x73, 0x65]),
      Buffer.from(',1,,,,\nU-2,Käse,1,,,,\n'),
    ]);
    const report = await importCsv(shop, csv);
    assert.deepEqual([report.created, report.refusals[0]?.line], [1, 2]);
    assert.match(report.refusals[0]?.reason ?? '', /UTF-8/);
  });

  it('is refused when its SKU was in the file before, with the line of the first', async () => {
    const report = await importCsv(
      shop,
      'Handle,Title,Variant SKU,Variant Price\ntwin-a,Twin A,TWIN,1\ntwin-b,Twin B,TWIN,2\n,Lost,,1\nlater,,,5\n',
    );
    assert.deepEqual([report.created, report.refusals.map(({ line }) => line)], [1, [3, 4, 5]]);
    assert.match(report.refusals[0]?.reason ?? '', /"TWIN" is in line 2/);
    assert.match(report.refusals[2]?.reason ?? '', /no row above has the title/);
  });

  it('ends the reading, but not what came before, when a quotation mark is never closed', async () => {
    const report = await importCsv(shop, 'sku,name,price\nQ-1,One,1\nQ-2,"Two,2\nQ-3,Three,3\n');
    assert.deepEqual([report.created, report.refusals.map(({ line }) => line)], [1, [3]]);
    assert.match(report.refusals[0]?.reason ?? '', /never closed/);
    const long = await importCsv(shop, `sku,name,price\nL-1,One,1\nL-2,"${'x'.repeat(20_000)}",2\n`);
    assert.deepEqual([long.created, long.refusals.map(({ line }) => line)], [1, [3]]);
    assert.match(long.refusals[0]?.reason ?? '', /longer than 10000 bytes/);
  });

  it('does not take a product of another name when its SKU had to be made up', async () => {
    const own = await shop.add({ sku: 'made-up', name: 'Own' });
    const report = await importCsv(shop, 'Handle,Title,Variant Price\nmade-up,Other,1\n');
    assert.match(report.refusals[0]?.reason ?? '', /belongs to another product/);
    assert.equal((await shop.call('GET', `/api/products/${own.id}`)).body.name, 'Own');
  });
});

describe('a file that cannot be read', () => {
  const files: [string, string | Buffer<ArrayBuffer>, RegExp][] = [
    ['nothing', '', /empty/],
    ['UTF-16', Buffer.from('\ufeffsku,name,price\n', 'utf16le'), /UTF-16/],
    ['a spreadsheet', Buffer.from('PK\u0003\u0004xlsx'), /spreadsheet/],
    ['NUL bytes', 'sku,na\u0000me,price\n', /NUL/],
    ['missing columns', 'sku,title\n1,2\n', /name, price/],
    ['missing columns of an export', 'Handle,Body (HTML)\na,b\n', /Title, Variant Price/],
    ['a header that never ends', '"sku,name,price\n', /never closed/],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00]), /NUL/],
  ];
  for (const [what, file, detail] of files) {
    it(`is refused as a whole: ${what}`, async () => assert.match((await refusedFile(file)).detail, detail));
  }

  it('is refused without staff and in another form', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${shop.url}/api/products/import`, { method: 'POST', headers, body: 'sku,name,price\n' });
    assert.equal((await post({ 'content-type': 'text/csv' })).status, 401);
    assert.equal((await post({ authorization: `Bearer ${await shop.tokenFor()}`, 'content-type': 'text/csv' })).status, 403);
    assert.equal((await post({ authorization: `Bearer ${shop.staff}`, 'content-type': 'application/json' })).status, 415);
  });
});

describe('a long file', () => {
  it('tells its progress in lines, with all refusals, and stops at the most rows', async () => {
    const rows = Array.from({ length: 3_100 }, (_, index) => `P-${index},"Thing ${index}\nof many",${index % 2 === 0 ? '1.25' : ''}`);
    const response = await fetch(`${shop.url}/api/products/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.staff}`, 'content-type': 'text/csv', accept: 'application/x-ndjson' },
      body: `sku,name,price\n${rows.join('\n')}`,
    });
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { progress?: Report; refusals?: Report['refusals']; report?: Report });
    const { report } = lines.at(-1) ?? {};
    assert.deepEqual(counts(report as Report), { rows: 3_000, created: 1_500, updated: 0, unchanged: 0, refused: 1_501 });
    assert.equal(report?.refusals.length, 1_000);
    const refusals = lines.flatMap((line) => line.refusals ?? []);
    assert.equal(refusals.length, 1_501);
    assert.deepEqual([refusals[0]?.line, refusals[1]?.line], [4, 8]);
    assert.match(refusals.at(-1)?.reason ?? '', /may have 3000 rows/);
    assert.ok(lines.length > 4);
    assert.equal((await listed(shop, 'q=thing&limit=100')).length, 100);
  });
});

describe('class of tax and weight', () => {
  it('are read from a file of Souk’s own, changed and taken away, and every event says them', async () => {
    const rows = ['Atlas,ATLAS,30,reduced,1850', 'Globe,GLOBE,90,,', 'Chart,CHART,9,Reduced,10', 'Table,TABLE,99,standard,1.5'];
    const report = await importCsv(shop, ['name,sku,price,tax_class,weight_g', ...rows].join('\n'));
    assert.deepEqual([report.created, report.refusals.map(({ line }) => line)], [2, [4, 5]]);
    const [atlas, globe] = [await bySku('ATLAS'), await bySku('GLOBE')];
    assert.deepEqual([atlas?.tax_class, atlas?.weight_g, globe?.tax_class, globe?.weight_g], ['reduced', 1_850, null, null]);
    const address = `/api/products/${atlas?.id}`;
    assert.equal((await shop.call('PATCH', address, { weight_g: 1_900 })).body.version, 2);
    const { body } = await shop.call<Product>('PUT', address, { name: 'Atlas', sku: 'ATLAS', price: 30 });
    assert.deepEqual([body.version, body.tax_class, body.weight_g], [3, null, null]);
    assert.deepEqual(
      shop.published().flatMap((event) => (event['product_id'] === atlas?.id ? [[event['tax_class'], event['weight_g']]] : [])),
      [
        ['reduced', 1_850],
        ['reduced', 1_900],
        ['standard', 0],
      ],
    );
    assert.equal((await shop.call('PATCH', address, { weight_g: -1 })).status, 400);
  });
});
