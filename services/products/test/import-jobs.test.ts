/** Imports that go on by themselves: what they write, what they state of stock, and that nothing is done twice. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import type { EventOf, inventoryStockRefused, ProductImport } from '@souk/contracts';
import { until } from '@souk/messaging/testing';
import { noteRefusedStock } from '../src/use-cases/note-refused-stock.ts';
import { forgetImports } from '../src/use-cases/start-import.ts';
import { listed, openShop, type Problem, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop?.stop());
afterEach(() => {
  shop.published().length = 0;
});

const start = async (csv: string, query = ''): Promise<ProductImport> => {
  const answer = await shop.call<ProductImport>('POST', `/api/products/imports?${query}`, csv, { 'content-type': 'text/csv' });
  assert.equal(answer.status, 202, answer.text);
  assert.equal(answer.headers.get('location'), `/api/products/imports/${answer.body.id}`);
  return answer.body;
};
const read = async (id: string): Promise<ProductImport> => (await shop.call<ProductImport>('GET', `/api/products/imports/${id}`)).body;
const ended = async ({ id }: ProductImport): Promise<ProductImport> => {
  let found: ProductImport | undefined;
  await until(async () => {
    found = await read(id);
    return found.ended_at === null ? `it is ${found.state}` : undefined;
  }, 30_000);
  return found as ProductImport;
};
const counts = ({ state, rows, created, updated, unchanged, refused, stock_stated }: ProductImport) => [
  state,
  { rows, created, updated, unchanged, refused, stock_stated },
];
const refusalsOf = async ({ id }: ProductImport): Promise<string> => (await shop.call('GET', `/api/products/imports/${id}/refusals`)).text;
const stated = () => shop.published().filter(({ event_type }) => event_type === 'product.stock_stated');
const rowsOf = (count: number, prefix: string): string =>
  Array.from({ length: count }, (_, at) => `${prefix}-${at},Thing ${at} of ${prefix},${at + 1},${at}\n`).join('');
const header = 'sku,name,price,stock_quantity\n';

describe('an import in the background', () => {
  it('makes products, leaves stock alone, and lists what it refused', async () => {
    const first = await ended(await start(`${header}A-1,First,10,5\nA-2,Second,twelve,5\nA-3,Third,30,7\n`));
    assert.deepEqual(counts(first), ['done', { rows: 3, created: 2, updated: 0, unchanged: 0, refused: 1, stock_stated: 0 }]);
    assert.match(await refusalsOf(first), /^line,handle,reason\r\n3,"","the price ""twelve"" is not a decimal number[^\n]*\r\n$/);
    const again = await ended(await start(`${header}A-1,First,11,50\nA-3,Third,30,70\n`));
    assert.deepEqual(counts(again), ['done', { rows: 2, created: 0, updated: 1, unchanged: 1, refused: 0, stock_stated: 0 }]);
    assert.deepEqual(stated(), []);
    const { db } = shop.service.context;
    assert.deepEqual(await db.query('select from import_pieces'), [], 'the file is not kept');
  });

  it('says what it would do without doing it', async () => {
    const tried = await ended(await start(`${header}A-1,Another name,11,1\nD-1,Dry,1,1\n`, 'dry_run=1&stock=set'));
    assert.deepEqual(counts(tried), ['done', { rows: 2, created: 1, updated: 1, unchanged: 0, refused: 0, stock_stated: 1 }]);
    assert.deepEqual(await listed(shop, 'sku=D-1'), []);
    assert.deepEqual(shop.published(), []);
  });

  it('is listed with its state, newest first, page by page, to staff alone', async () => {
    const made = [await ended(await start(`${header}L-1,Listed,1,1\n`)), await ended(await start(`${header}L-2,Listed,1,1\n`))];
    const { db } = shop.service.context;
    const arriving = '01900000-0000-7000-8000-000000000009';
    await db.query(
      `insert into imports (id, state, stock, dry_run, ignore_unknown, cause, created_at) values ($1, 'receiving', 'ignore', false, false, '{}', now())`,
      [arriving],
    );
    const listed = async (query: string) => shop.call<ProductImport[]>('GET', `/api/products/imports?${query}`);
    const all: ProductImport[] = [];
    for (let query: string | undefined = 'limit=2'; query !== undefined; ) {
      const { body, headers } = await listed(query);
      assert.ok(body.length <= 2);
      all.push(...body);
      query = /<[^>]*\?([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
    assert.deepEqual(all.slice(0, 2), made.reverse(), 'as each is shown by itself');
    const ids = all.map(({ id }) => id);
    assert.deepEqual(ids, [...ids].sort().reverse());
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      (await db.query<{ id: string }>('select id from imports order by id desc')).map(({ id }) => id),
      ids,
    );
    assert.deepEqual(
      (await listed('state=waiting')).body.map(({ id, state }) => [id, state]),
      [[arriving, 'waiting']],
      'its file is arriving',
    );
    assert.ok((await listed('state=done')).body.every(({ state }) => state === 'done'));
    for (const query of ['state=lost', 'cursor=x', 'limit=0']) assert.equal((await listed(query)).status, 400, query);
    await db.query('delete from imports where id = $1', [arriving]);
  });

  it('states the stock of products that there were, once, and of no row without a quantity', async () => {
    const csv = 'sku,name,price,stock_quantity,stock_version\nA-1,First,11,9,4\nA-3,Third,30,,\nS-1,New,1,3,\nS-2,Bad,1,few,\n';
    const done = await ended(await start(csv, 'stock=set'));
    assert.deepEqual(counts(done), ['done', { rows: 4, created: 1, updated: 0, unchanged: 2, refused: 1, stock_stated: 1 }]);
    const [one, ...others] = stated();
    const [product] = await listed(shop, 'sku=A-1');
    assert.deepEqual(others, []);
    assert.deepEqual(one, {
      event_type: 'product.stock_stated',
      import_id: done.id,
      product_id: product?.id,
      mode: 'set',
      quantity: 9,
      stock_version: 4,
    });
    const added = await ended(await start(`${header}A-1,First,11,2\nA-3,Third,30,0\n`, 'stock=add'));
    assert.equal(added.stock_stated, 1, 'nothing has come of the third');
    const refusal = { import_id: done.id, product_id: product?.id ?? '', mode: 'set', quantity: 9, reason: 'below_reserved' } as const;
    const event = { ...refusal, on_hand: 20, reserved: 12, stock_version: 7 } as unknown as EventOf<typeof inventoryStockRefused>;
    const { context } = shop.service;
    for (let times = 0; times < 2; times += 1) await context.db.transaction((tx) => noteRefusedStock(context, tx, [event, event]));
    assert.equal((await read(done.id)).stock_refused, 1);
    const lines = (await refusalsOf(done)).split('\r\n');
    assert.match(lines[1] ?? '', /^2,"","the file says 9 pieces, and 12 of the 20 on hand are promised to orders/);
    assert.equal(lines.length, 4, 'the row, the stock, the header and an end');
  });

  it('is refused at once where the file cannot be read or says nothing of stock, and leaves nothing', async () => {
    for (const [csv, query] of [
      ['', ''],
      ['colour\nblue\n', ''],
      ['sku,name,price\nA-1,First,1\n', 'stock=set'],
      ['sku,name,price,stock_quantity\n', 'stock=replace'],
      ['sku,name,price,stock_quantity\n', 'dry_run=yes'],
    ] as const) {
      const answer = await shop.call<Problem>('POST', `/api/products/imports?${query}`, csv, { 'content-type': 'text/csv' });
      assert.equal(answer.status, 400, `${csv} ${query}: ${answer.text}`);
    }
    const { db } = shop.service.context;
    assert.deepEqual(await db.query("select from imports where state not in ('done')"), []);
    assert.equal((await shop.call('GET', `/api/products/imports/${randomUUID()}`)).status, 404);
    assert.equal((await shop.call('GET', `/api/products/imports/${randomUUID()}/refusals`)).status, 404);
  });

  it('goes on behind the last batch when a process dies, and does nothing twice', async () => {
    const { context } = shop.service;
    await ended(await start(`${header}${rowsOf(600, 'R')}`));
    shop.published().length = 0;
    let batches = 0;
    const transaction = context.db.transaction.bind(context.db);
    // The process dies within its second batch: what it had written of that one is lost, and its lease runs on.
    context.db.transaction = (work) =>
      transaction(async (tx) => {
        const answer = await work(tx);
        const [row] = await tx.query<{ rows_done: number }>("select rows_done from imports where state = 'running'");
        if (row !== undefined && row.rows_done > 250 && batches === 0) {
          batches += 1;
          throw new Error('killed');
        }
        return answer;
      });
    const going = await start(`${header}${rowsOf(600, 'R').replaceAll('Thing', 'Object')}oops,,1,1\n`, 'stock=add');
    const done = await ended(going);
    context.db.transaction = transaction;
    assert.equal(batches, 1, 'it was interrupted');
    assert.deepEqual(counts(done), ['done', { rows: 601, created: 0, updated: 600, unchanged: 0, refused: 1, stock_stated: 599 }]);
    const products = stated().map(({ product_id }) => product_id);
    assert.deepEqual([products.length, new Set(products).size], [599, 599]);
    assert.equal((await refusalsOf(done)).split('\r\n').length, 3);
  });

  it('ends when it is cancelled, with whole batches only', async () => {
    const { context } = shop.service;
    const transaction = context.db.transaction.bind(context.db);
    let waiting: (() => void) | undefined;
    const reached = new Promise<void>((resolve) => {
      let seen = 0;
      context.db.transaction = async (work) => {
        const answer = await transaction(work);
        seen += 1;
        if (seen === 1) {
          resolve();
          await new Promise<void>((go) => {
            waiting = go;
          });
        }
        return answer;
      };
    });
    const going = await start(`${header}${rowsOf(600, 'C')}`);
    await reached;
    context.db.transaction = transaction;
    const cancelled = await shop.call<ProductImport>('POST', `/api/products/imports/${going.id}/cancel`);
    waiting?.();
    assert.deepEqual([cancelled.status, cancelled.body.state, cancelled.body.rows], [200, 'cancelled', 250]);
    await until(async () => ((await shop.service.settled()) ? undefined : 'jobs go on'));
    assert.equal((await read(going.id)).rows, 250);
    assert.equal((await shop.call<ProductImport>('POST', `/api/products/imports/${going.id}/cancel`)).body.state, 'cancelled');
    const [row] = await context.db.query<{ count: number }>("select count(*)::int as count from products where sku like 'C-%'");
    assert.equal(row?.count, 250);
  });

  it('is forgotten after its time, with its refusals', async () => {
    const { context } = shop.service;
    await context.db.query("update imports set created_at = created_at - interval '31 days'");
    while (await forgetImports(context));
    for (const table of ['imports', 'import_refusals', 'import_statements'])
      assert.deepEqual(await context.db.query(`select from ${table}`), [], table);
  });
});
