/** What is suggested while someone types. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Suggestion, suggestionsMax } from '@souk/contracts';
import { openShop, type Problem, type Shop } from './_support.ts';

describe('suggestions', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
    await shop.add({ name: 'Oak lamp', category: 'Lamps', price: 129.95 });
    await shop.add({ name: 'Lampshade of linen', category: 'Lamps', price: 39 });
    await shop.add({ name: 'Copper kettle', description: 'Goes with every lamp.', price: 59 });
    for (let number = 0; number < 12; number += 1) await shop.add({ name: `Mug ${number}`, price: 9 });
    const gone = await shop.add({ name: 'Lamp of before', price: 1 });
    await shop.call('DELETE', `/api/products/${gone.id}`);
  });
  after(() => shop.stop());

  const namesOf = async (q: string): Promise<string[]> => {
    const { body } = await shop.call<Suggestion[]>('GET', `/api/products/suggestions?${new URLSearchParams({ q })}`);
    return body.map(({ name }) => name);
  };

  it('begin with the first letters, put names before what only mentions a word, and forgive typos', async () => {
    assert.deepEqual((await namesOf('lam')).slice(0, 2).sort(), ['Lampshade of linen', 'Oak lamp']);
    assert.deepEqual(await namesOf('  COPPER   ket'), ['Copper kettle']);
    assert.deepEqual(await namesOf('coper ketle'), ['Copper kettle']);
    assert.equal((await namesOf('lamp'))[0], 'Oak lamp');
    assert.ok(!(await namesOf('lamp')).includes('Lamp of before'));
    assert.equal((await namesOf('mug')).length, suggestionsMax);
    assert.deepEqual(await namesOf('zzzzqqqq'), []);
  });

  it('say what a list shows, and refuse what is no question', async () => {
    const { body } = await shop.call<Suggestion[]>('GET', '/api/products/suggestions?q=oak');
    assert.deepEqual(Object.keys(body[0] ?? {}), ['product_id', 'name', 'category', 'price', 'currency', 'image_url']);
    for (const query of ['', '?q=', `?q=${'x'.repeat(101)}`, '?q=a&limit=3']) {
      const refused = await shop.call<Problem>('GET', `/api/products/suggestions${query}`);
      assert.deepEqual([refused.status, refused.body.code], [400, 'validation_failed'], query);
    }
    for (const q of ['%', '_', "'", '"', '\\', '&|!():*', '<script>', '😀', 'a b c d e f g h i j k l m n o p']) await namesOf(q);
  });
});
