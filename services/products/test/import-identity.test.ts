/** A row without SKU is its handle and options, exactly: no variant is lost, and none becomes another, in whatever order. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Product } from '@souk/contracts';
import { importCsv, listed, openShop, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.stop());

const header = 'Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant Price';
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
const file = (rows: readonly (readonly string[])[]) => [header, ...rows.map((row) => row.map(cell).join(','))].join('\n');

async function variants(title: string): Promise<Map<string, Product>> {
  const products = (await listed(shop, `q=${encodeURIComponent(title)}&limit=100`)).filter(({ name }) => name.startsWith(title));
  return new Map(products.map((product) => [JSON.stringify([product.name, Object.entries(product.options).sort()]), product]));
}

describe('variants that differ', () => {
  const families: Record<string, readonly (readonly [string, string?])[]> = {
    'by a sign': [['S'], ['S+'], ['S-'], ['S*'], ['+S']],
    'by an accent': [['Pate'], ['Pâté'], ['Pâte'], ['päte']],
    'by case': [['xs'], ['XS'], ['Xs']],
    'by an emoji': [['Gift 🎁'], ['Gift 🎂'], ['Gift'], ['🎁'], ['🎂'], ['❤️']],
    'by a point against a blank': [['1.5'], ['1 5'], ['1-5'], ['1,5'], ['15'], ['1_5'], ['1/5']],
    'by a fraction': [['½'], ['1/2'], ['1 2'], ['1⁄2']],
    'by script': [['が'], ['か'], ['ガ'], ['คา'], ['คิ']],
    'by where an option ends': [['Red Blue', 'Large'], ['Red', 'Blue Large'], ['Red-Blue', 'Large'], ['Red Blue Large']],
    'by sizes of ligatures and widths': [['ﬁ'], ['fi'], ['A'], ['Ａ'], ['ß'], ['ss']],
  };
  for (const [how, values] of Object.entries(families)) {
    it(`${how} are all kept, and stay who they are when the file is turned round`, async () => {
      const title = `Family ${how}`;
      const handle = `family-${how.replaceAll(' ', '-')}`;
      const rows = values.map(([one, two = ''], index) => [handle, title, 'Kind', one, two === '' ? '' : 'Size', two, String(index + 1)]);
      const first = await importCsv(shop, file(rows));
      assert.deepEqual([first.created, first.refusals], [values.length, []]);
      const before = await variants(title);
      assert.equal(before.size, values.length);
      assert.equal(new Set([...before.values()].map(({ sku }) => sku)).size, values.length);
      const again = await importCsv(shop, file([...rows].reverse()));
      assert.deepEqual([again.created, again.updated, again.unchanged, again.refusals], [0, 0, values.length, []]);
      const dearer = await importCsv(shop, file([...rows].reverse().map((row) => [...row.slice(0, 6), `${row[6]}.5`])));
      assert.deepEqual([dearer.updated, dearer.refusals], [values.length, []]);
      for (const [key, { id, sku, price }] of await variants(title)) {
        assert.deepEqual([id, sku, price], [before.get(key)?.id, before.get(key)?.sku, (before.get(key)?.price ?? 0) + 0.5]);
      }
    });
  }

  it('by where the handle ends are all kept', async () => {
    const rows = [
      ['split-a', 'Split', 'Kind', 'b c', '', '', '1'],
      ['split-a-b', 'Split', 'Kind', 'c', '', '', '2'],
      ['split-a-b-c', 'Split', '', '', '', '', '3'],
      ['split a', 'Split', 'Kind', 'b-c', '', '', '4'],
      ['Split-A', 'Split', 'Kind', 'b c', '', '', '5'],
    ];
    assert.deepEqual((await importCsv(shop, file(rows))).refusals, []);
    assert.equal((await importCsv(shop, file([...rows].reverse()))).unchanged, rows.length);
  });

  it('in nothing but the form of their letters or a blank behind are the same', async () => {
    const report = await importCsv(
      shop,
      file([
        ['same', 'Same', 'Kind', 'Café', '', '', '1'],
        ['same ', 'Same', 'Kind', ' Cafe\u0301', '', '', '1'],
      ]),
    );
    assert.deepEqual([report.created, report.refusals.map(({ line }) => line)], [1, [3]]);
    assert.match(report.refusals[0]?.reason ?? '', /same options is in line 2 already/);
  });

  it('have readable SKUs where those name one of them only', async () => {
    await importCsv(shop, file([['plain-cup', 'Cup', 'Colour', 'Deep Blue', 'Size', 'L', '1']]));
    assert.equal((await listed(shop, 'q=plain-cup-deep-blue-l'))[0]?.sku, 'plain-cup-deep-blue-l');
  });

  it('in two options of one name keep both', async () => {
    const report = await importCsv(
      shop,
      file([
        ['pair', 'Pair', 'Size', 'S', 'Size', '1', '1'],
        ['pair', 'Pair', 'Size', 'M', 'Size', '1', '1'],
      ]),
    );
    assert.equal(report.created, 2);
  });
});

describe('an SKU that was made', () => {
  it('stays when the product gets another name, and is the product\u2019s own when staff change it', async () => {
    const row = ['kept-sku', 'Kept', 'Size', 'S', '', '', '1'];
    await importCsv(shop, file([row]));
    const [made] = await listed(shop, 'q=kept-sku-s');
    await shop.call('PATCH', `/api/products/${made?.id}`, { sku: 'OWN-1' });
    const report = await importCsv(shop, file([row.map((text) => (text === 'Kept' ? 'Renamed' : text))]));
    assert.deepEqual([report.created, report.updated], [0, 1]);
    const after = (await shop.call<Product>('GET', `/api/products/${made?.id}`)).body;
    assert.deepEqual([after.sku, after.name], ['OWN-1', 'Renamed – S']);
  });

  it('is not taken over by a row of another handle that has it as its own', async () => {
    await importCsv(shop, file([['first', 'First', 'Size', 'S', '', '', '1']]));
    const report = await importCsv(shop, 'Handle,Title,Variant SKU,Variant Price\nsecond,Second,first-s,2\n');
    assert.match(report.refusals[0]?.reason ?? '', /made for another product/);
    assert.equal((await importCsv(shop, 'sku,name,price\nfirst-s,First anew,3\n')).updated, 1);
  });
});

describe('a row in own columns', () => {
  it('without SKU is its name, group and options, and no other product of a similar name', async () => {
    const csv = 'name,price,group,option:Size\nTea & Cake,1,,\nTea Cake,2,,\nTea-Cake!,3,,\nPot,4,pots,S\nPot,5,pots,s\n';
    assert.deepEqual((await importCsv(shop, csv)).refusals, []);
    const lines = csv.trim().split('\n');
    const turned = [lines[0], ...lines.slice(1).reverse()].join('\n');
    assert.deepEqual((await importCsv(shop, turned)).unchanged, 5);
  });

  it('has an SKU that looks the same only once', async () => {
    const report = await importCsv(shop, 'sku,name,price\nLOOK-1,One,1\n"LOOK-1 ",Two,2\nLOOK\u200b-1,Three,3\n');
    assert.deepEqual([report.created, report.refusals.map(({ line }) => line)], [1, [3, 4]]);
    const added = await shop.call<{ code: string }>('POST', '/api/products', { sku: ' LOOK-1\u00a0', name: 'Four', price: 4 });
    assert.deepEqual([added.status, added.body.code], [409, 'sku_taken']);
  });
});
