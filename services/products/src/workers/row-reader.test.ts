import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importColumns } from '../domain/import-columns.ts';
import type { ImportedProduct } from '../domain/import-draft.ts';
import type { SharedCells } from '../domain/import-handles.ts';
import { createHandleMemory } from './handle-memory.ts';
import { createRowReader } from './row-reader.ts';

function readAll(csv: string): (ImportedProduct | string | undefined)[] {
  const [header = [], ...rows] = csv.split('\n').map((line) => line.split(','));
  const reader = createRowReader(importColumns(header), { shop_currency: 'EUR' });
  return rows.map((row, index) => {
    const outcome = reader.read(index + 2, row);
    if (outcome.kind === 'product') return outcome.product;
    return outcome.kind === 'refused' ? outcome.reason : undefined;
  });
}

const products = (csv: string) => readAll(csv) as ImportedProduct[];

describe('rows of one handle', () => {
  it('inherit from the first, wherever it is', () => {
    const [, , third] = products(
      'Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant Price\na,A,Text,Size,S,1\nb,B,,Title,Default Title,2\na,,,,M,3',
    );
    assert.deepEqual(
      [third?.content.name, third?.content.description, Object.entries(third?.content.options ?? {}), third?.content.sku],
      ['A – M', 'Text', [['Size', 'M']], 'a-m'],
    );
  });

  it('may repeat the title on every row', () => {
    const all = products('Handle,Title,Option1 Name,Option1 Value,Variant Price\na,A,Size,S,1\na,A,Size,M,1');
    assert.deepEqual(
      all.map(({ content }) => content.name),
      ['A – S', 'A – M'],
    );
    assert.equal(all[0]?.content.group_id, all[1]?.content.group_id);
  });

  it('only add a picture when they have nothing else', () => {
    assert.equal(readAll('Handle,Title,Variant Price,Image Src\na,A,1,https://x/1.jpg\na,,,https://x/2.jpg')[1], undefined);
  });

  it('are passed over when they are empty', () => {
    assert.equal(readAll('Handle,Title,Variant Price\n,,')[0], undefined);
  });
});

describe('columns', () => {
  it('of the newer export are understood too', () => {
    const [one] = products(
      'Title,URL handle,Description,Published on online store,SKU,Price,Inventory quantity,Product image URL\nA,a,<b>Hi</b>,TRUE,S-1,5.00,3,//cdn.example.com/a b.jpg',
    );
    assert.deepEqual([one?.content.sku, one?.content.price, one?.quantity, one?.content.description], ['S-1', 500, 3, 'Hi']);
    assert.equal(one?.content.image_url, 'https://cdn.example.com/a%20b.jpg');
  });

  it('that are missing leave their members alone', () => {
    const [one] = products('sku,name,price\nS,Name,1');
    assert.deepEqual(Object.keys(one?.content ?? {}).sort(), ['currency', 'name', 'price', 'sku']);
  });

  it('of a standard category give its last step', () => {
    const [one] = products('Handle,Title,Product Category,Type,Variant Price\na,A,Apparel > Clothing > Tops,,1');
    assert.equal(one?.content.category, 'Tops');
  });

  it('of Google’s category count unless they are numbers', () => {
    const all = products('Handle,Title,Google Shopping / Google Product Category,Variant Price\na,A,212,1\nb,B,Home > Lamps,1');
    assert.deepEqual(
      all.map(({ content }) => content.category),
      [null, 'Lamps'],
    );
    assert.deepEqual(importColumns(['Handle', 'Title', 'Variant Price', 'SEO Title', 'Cost per item', 'Mine']).ignored, ['Mine']);
  });
});

describe('the memory of handles', () => {
  const shared: SharedCells = {
    title: 'T',
    description: 'x'.repeat(1_000),
    category: null,
    image: '',
    status: 'active',
    attributes: {},
    option_names: [],
  };

  it('forgets the oldest when it is full', () => {
    const memory = createHandleMemory(5_000);
    for (let number = 0; number < 10; number += 1) memory.keep(`h${number}`, shared);
    assert.equal(memory.recall('h0'), undefined);
    assert.equal(memory.recall('h9'), shared);
  });
});
