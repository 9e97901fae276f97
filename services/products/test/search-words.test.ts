/** Words of other scripts and in other spellings: what a person types finds what the shop calls it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { renewDocuments } from '../src/use-cases/renew-documents.ts';
import { allPages, listed, openShop, type Shop } from './_support.ts';

let shop: Shop;
const names = [
  ...['折りたたみ傘 黒', 'ガラスのコップ', 'カラスの置物', '手作り陶器マグカップ', 'iPhoneケース', '真空保温杯子', '不锈钢茶壶'],
  ...['กระเป๋าหนังสีดำ', 'รองเท้าผ้าใบ', 'คา', 'คิ', 'हिन्दी किताब', 'हन्द', 'தமிழ் நூல்', 'கல்', 'কলম', 'কালাম'],
  ...['Кружка ёлка', 'Край стола', 'שָׁלוֹם', 'كِتاب', 'Lamp VL-50', 'Wi-Fi Router', 'Bluetooth Speaker', 'AC1200', 'Watering Can', 'Teapot'],
  ...[
    'The Who',
    'Just Do It Poster',
    'C++ Primer',
    'C Programming',
    'Cable Clip',
    'C# in Depth',
    'Cotton Cap',
    '.NET Cookbook',
    'Net Bag',
    'R&B Classics',
  ],
  ...[
    'Chef Knife',
    'Computer Mouse',
    'Camera Lens',
    'Wooden Shelf',
    'Winter Scarf',
    'Goose Feather',
    'Model Bus',
    'Cactus',
    'Canvas',
    'Child Seat',
    'Wolf Print',
  ],
];
before(async () => {
  shop = await openShop();
  for (const name of names) await shop.add({ name });
  await shop.add({ name: 'Plain Thing', description: 'who and all of it' });
});
after(() => shop.stop());

const found = async (q: string) => (await listed(shop, `q=${encodeURIComponent(q)}&limit=100`)).map(({ name }) => name);

describe('a question finds what it means first', () => {
  const questions: [string, string][] = [
    ['傘', '折りたたみ傘 黒'],
    ['たたみ', '折りたたみ傘 黒'],
    ['マグカップ', '手作り陶器マグカップ'],
    ['陶器', '手作り陶器マグカップ'],
    ['ケース', 'iPhoneケース'],
    ['iphone', 'iPhoneケース'],
    ['ｺｯﾌﾟ', 'ガラスのコップ'],
    ['保温', '真空保温杯子'],
    ['茶壶', '不锈钢茶壶'],
    ['หนัง', 'กระเป๋าหนังสีดำ'],
    ['ผ้าใบ', 'รองเท้าผ้าใบ'],
    ['किताब', 'हिन्दी किताब'],
    ['நூல்', 'தமிழ் நூல்'],
    ['елка', 'Кружка ёлка'],
    ['שלום', 'שָׁלוֹם'],
    ['كتاب', 'كِتاب'],
    ['vl50', 'Lamp VL-50'],
    ['VL 50', 'Lamp VL-50'],
    ['vl-50', 'Lamp VL-50'],
    ['wifi', 'Wi-Fi Router'],
    ['wi fi router', 'Wi-Fi Router'],
    ['wify', 'Wi-Fi Router'],
    ['blue tooth', 'Bluetooth Speaker'],
    ['blue-tooth', 'Bluetooth Speaker'],
    ['AC 1200', 'AC1200'],
    ['ac-1200', 'AC1200'],
    ['tea pot', 'Teapot'],
    ['tea-pots', 'Teapot'],
    ['the who', 'The Who'],
    ['who', 'The Who'],
    ['just do it', 'Just Do It Poster'],
    ['do it', 'Just Do It Poster'],
    ['c++', 'C++ Primer'],
    ['C++ primers', 'C++ Primer'],
    ['c#', 'C# in Depth'],
    ['.net', '.NET Cookbook'],
    ['r&b', 'R&B Classics'],
    ['knives', 'Chef Knife'],
    ['mice', 'Computer Mouse'],
    ['lenses', 'Camera Lens'],
    ['shelves', 'Wooden Shelf'],
    ['scarves', 'Winter Scarf'],
    ['geese', 'Goose Feather'],
    ['buses', 'Model Bus'],
    ['cacti', 'Cactus'],
    ['canvases', 'Canvas'],
    ['children', 'Child Seat'],
    ['wolves', 'Wolf Print'],
  ];
  for (const [q, name] of questions)
    it(`"${q}": ${name}`, async () => assert.equal((await found(q))[0], name, (await found(q)).join(' | ')));
});

describe('a mark that makes another word', () => {
  for (const [q, other] of [
    ['ガラス', 'カラスの置物'],
    ['カラス', 'ガラスのコップ'],
    ['คา', 'คิ'],
    ['คิ', 'คา'],
    ['हिन्दी', 'हन्द'],
    ['কলম', 'কালাম'],
    ['краи', 'Край стола'],
  ] as const) {
    it(`is kept: "${q}" does not find ${other}`, async () => assert.ok(!(await found(q)).includes(other)));
  }
});

it('a single letter finds what is called so before what begins with it', async () => {
  assert.deepEqual((await found('c')).slice(0, 3).sort(), ['C Programming', 'C# in Depth', 'C++ Primer'].sort());
});

it('stop words alone look at names, not at descriptions', async () => {
  assert.ok(!(await found('who')).includes('Plain Thing'));
});

it('pages of a question with signs and scripts hold everything once', async () => {
  const all = (await allPages(shop, `q=${encodeURIComponent('c')}&limit=2`)).map(({ name }) => name);
  assert.equal(new Set(all).size, all.length);
  assert.deepEqual(await found("' & | ! : * ( ) \\ '' 日'本"), await found('日 本'));
});

it('documents of older rules are made anew, and the products stay as they are', async () => {
  const { db } = shop.service.context;
  const before = (await listed(shop, `q=${encodeURIComponent('傘')}`))[0];
  await db.query(`update products set document = '', document_rules = 1`);
  while (await renewDocuments(shop.service.context)) assert.ok(true);
  assert.deepEqual((await listed(shop, `q=${encodeURIComponent('傘')}&in_stock=false`))[0], before);
  assert.equal(await renewDocuments(shop.service.context), false);
});
