import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type IdSource, systemIds } from '@souk/kernel';
import type { OrdersContext, PlaceCommand, Placement } from '../src/context.ts';
import { openOrdersContext } from '../src/service.ts';
import { anId, anOrderRequest, aProduct, eventsOf, openQuietly } from './_support.ts';

const aCommand = (product: { product_id: string }, overrides: Partial<PlaceCommand> = {}): PlaceCommand => ({
  user_id: anId(),
  wanted: anOrderRequest(product),
  claim: null,
  cause: { correlation_id: anId() },
  ...overrides,
});

/** `placed`, `replayed`, `unknown_products`, or the code of the refusal. */
const wordOf = (result: PromiseSettledResult<Placement>): string =>
  result.status === 'fulfilled' ? result.value.kind : (result.reason as { code: string }).code;

describe('orders placed as a group', () => {
  let fixture: Awaited<ReturnType<typeof openQuietly>>;
  let ctx: OrdersContext;
  before(async () => {
    fixture = await openQuietly({ place_batch_max: 32, place_delay_ms: 20 });
    ({ ctx } = fixture);
  });
  after(() => fixture.close());

  test('each is decided on its own: refusals and unknown products do not touch the others', async () => {
    const product = await aProduct(ctx);
    const archived = await aProduct(ctx, { status: 'archived' });
    const requests = [
      anOrderRequest(product),
      anOrderRequest(archived),
      anOrderRequest({ product_id: anId() }),
      anOrderRequest(product, { expected_total: 1 }),
      anOrderRequest(product, { currency: 'USD' }),
      anOrderRequest(product),
    ];
    const results = await Promise.allSettled(requests.map((wanted) => ctx.place(aCommand(product, { wanted }))));
    assert.deepEqual(results.map(wordOf), [
      'placed',
      'product_unknown',
      'unknown_products',
      'total_changed',
      'currency_mismatch',
      'placed',
    ]);
    const [rows] = await ctx.db.query<{ orders: number; lines: number }>(
      'select (select count(*)::int from orders) orders, (select count(*)::int from order_history) lines',
    );
    assert.deepEqual(rows, { orders: 2, lines: 2 });
  });

  test('order.created says what was placed, and only that', async () => {
    const placement = await ctx.place(aCommand(await aProduct(ctx, { price: 1_999 })));
    assert.ok(placement.kind === 'placed');
    const [event, ...more] = await eventsOf(ctx, placement.order.id);
    assert.equal(more.length, 0);
    const { order_id, order_version, items, total_amount, currency } = event as Record<string, unknown>;
    const [item] = placement.order.items;
    assert.deepEqual(
      { order_id, order_version, items, total_amount, currency },
      {
        order_id: placement.order.id,
        order_version: 1,
        items: [{ product_id: item?.product_id, quantity: 2, price: 19.99 }],
        total_amount: 39.98,
        currency: 'EUR',
      },
    );
  });

  test('an order the database refuses fails alone', async () => {
    const product = await aProduct(ctx);
    const taken = await ctx.place(aCommand(product));
    assert.ok(taken.kind === 'placed');
    // The third id that is drawn is one that is there already.
    let drawn = 0;
    const uuid = (): string => {
      drawn += 1;
      return drawn % 7 === 3 ? taken.order.id : systemIds.uuid();
    };
    const ids: IdSource = { ...systemIds, uuid };
    const clumsy = openOrdersContext(fixture.config, { broker: ctx.broker, log: ctx.log, ids });
    try {
      const results = await Promise.allSettled(Array.from({ length: 4 }, () => clumsy.place(aCommand(product))));
      const placed = results.filter((result) => wordOf(result) === 'placed').length;
      assert.ok(placed >= 2 && placed < 4, `${placed} of 4 were placed`);
    } finally {
      clumsy.cache.close();
      await clumsy.db.close();
    }
  });

  test('concurrent duplicates in two processes place one order', async () => {
    const product = await aProduct(ctx);
    const another = openOrdersContext(fixture.config, { broker: ctx.broker, log: ctx.log });
    try {
      for (let round = 0; round < 10; round += 1) {
        const user_id = anId();
        const claim = { user_id, key: `key-${round}`, body_hash: 'ab'.repeat(32) };
        const command = aCommand(product, { user_id, claim });
        const results = await Promise.all([
          ctx.place(command),
          another.place(command),
          ctx.place(aCommand(product)),
          another.place(aCommand(product)),
        ]);
        assert.deepEqual(
          results
            .slice(0, 2)
            .map(({ kind }) => kind)
            .sort(),
          ['placed', 'replayed'],
        );
        assert.deepEqual(
          results.slice(2).map(({ kind }) => kind),
          ['placed', 'placed'],
        );
        const orders = await ctx.db.query('select id from orders where user_id = $1', [user_id]);
        assert.equal(orders.length, 1);
      }
    } finally {
      another.cache.close();
      await another.db.close();
    }
  });

  test('order numbers are short and never twice', async () => {
    const product = await aProduct(ctx);
    const placements = await Promise.all(Array.from({ length: 50 }, () => ctx.place(aCommand(product))));
    const numbers = placements.map((placement) => (placement.kind === 'placed' ? placement.order.order_number : ''));
    assert.equal(new Set(numbers).size, 50);
    for (const number of numbers) assert.match(number, /^S-1\d{4}$/);
  });
});
