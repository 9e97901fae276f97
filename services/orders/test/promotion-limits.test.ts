/** Limits of promotions hold exactly when many orders are placed at once, in groups, by two processes over one database. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Order } from '@souk/contracts';
import { until } from '@souk/messaging/testing';
import type { OrdersContext, PlaceCommand } from '../src/context.ts';
import { openOrdersContext } from '../src/service.ts';
import { withdrawCode } from '../src/use-cases/change-promotions.ts';
import { anId, anOrderRequest, aProduct, declined, deliver, openQuietly, reserved } from './_support.ts';

describe('limits with everybody at once', () => {
  const by = { cause: { correlation_id: anId(), actor: `staff:${anId()}` } };
  const aCommand = (product: { product_id: string }, more: Partial<PlaceCommand> = {}, codes: string[] = []): PlaceCommand => ({
    user_id: anId(),
    wanted: anOrderRequest(product, { codes }),
    claim: null,
    cause: { correlation_id: anId() },
    ...more,
  });
  const promote = async (ctx: OrdersContext, id: string, columns: string, values: string) => {
    await ctx.db.query(
      `insert into promotions (id, label, kind, target, value, scope, min_subtotal, combinable, priority, active, version, automatic, ${columns})
       values ('${id}', 'L', 'percent', 'order', 100000, '{"products": [], "groups": [], "categories": []}', 0, true, 0, true, 1, ${values})`,
    );
    await ctx.db.query('update rules set version = version + 1');
  };
  /** How many were placed; all others were refused because of the code, and nothing failed. */
  const placedOf = (results: PromiseSettledResult<{ kind: string }>[]): number => {
    for (const result of results)
      if (result.status === 'rejected') assert.equal((result.reason as { code: string }).code, 'code_refused', String(result.reason));
    return results.filter(({ status }) => status === 'fulfilled').length;
  };

  test('hold exactly in groups of two processes: of a code, of a customer, of what applies by itself', async () => {
    const fixture = await openQuietly({ place_batch_max: 8, place_delay_ms: 1 });
    const { ctx } = fixture;
    const another = openOrdersContext(fixture.config, { broker: ctx.broker, log: ctx.log });
    try {
      const product = await aProduct(ctx);
      const [coded, automatic] = [anId(), anId()];
      await promote(ctx, coded, 'uses_per_customer', 'false, 2');
      await ctx.db.query(`insert into promotion_codes (code_key, promotion_id, uses_max) values ('HOT', $1, 7), ('OTHER', $1, null)`, [
        coded,
      ]);
      const race = (commands: PlaceCommand[]) =>
        Promise.allSettled(commands.map((command, index) => (index % 2 === 0 ? ctx : another).place(command)));
      const many = (length: number, make: (index: number) => PlaceCommand) => Array.from({ length }, (_, index) => make(index));
      assert.equal(placedOf(await race(many(60, () => aCommand(product, {}, ['hot'])))), 7, 'of the code');
      const customer_key = 'c'.repeat(43);
      assert.equal(placedOf(await race(many(30, () => aCommand(product, { customer_key }, ['other'])))), 2, 'of the customer');
      await promote(ctx, automatic, 'uses_max', 'true, 5');
      const results = await race(many(40, () => aCommand(product)));
      assert.equal(placedOf(results), 40);
      const [{ discounted } = { discounted: 0 }] = await ctx.db.query<{ discounted: number }>(
        `select count(*)::int discounted from orders where totals->'discounts' @> $1::jsonb`,
        [JSON.stringify([{ promotion_id: automatic }])],
      );
      assert.equal(discounted, 5, 'of what applies by itself');
      const counters = await ctx.db.query(
        `select p.used, (select count(*)::int from redemptions r where r.promotion_id = p.id and r.state = 'held' and r.counted) held from promotions p order by used`,
      );
      assert.deepEqual(counters, [
        { used: 5, held: 5 },
        { used: 9, held: 9 },
      ]);
    } finally {
      another.cache.close();
      await another.db.close();
      await fixture.close();
    }
  });

  test('a withdrawn code is refused from the answer on; of a limited one nothing is granted after its withdrawal, and what was stays', async () => {
    const fixture = await openQuietly({ place_batch_max: 4, place_delay_ms: 1 });
    const { ctx } = fixture;
    const another = openOrdersContext(fixture.config, { broker: ctx.broker, log: ctx.log });
    try {
      const product = await aProduct(ctx);
      const id = anId();
      await promote(ctx, id, 'currency', 'false, null');
      await ctx.db.query(`insert into promotion_codes (code_key, promotion_id, uses_max) values ('FEW', $1, 1000), ('FREE', $1, null)`, [
        id,
      ]);
      const race = (code: string, length: number) =>
        Promise.allSettled(Array.from({ length }, (_, index) => (index % 2 === 0 ? ctx : another).place(aCommand(product, {}, [code]))));
      for (const code of ['few', 'free']) {
        const before = placedOf(await race(code, 3));
        assert.equal(before, 3);
        const [during, withdrawn, again] = await Promise.all([
          race(code, 40),
          withdrawCode(ctx, id, code, by),
          withdrawCode(another, id, code.toUpperCase(), by),
        ]);
        assert.equal(withdrawn.withdrawn_at, again.withdrawn_at, 'it is withdrawn once');
        assert.equal(placedOf(await race(code, 8)), 0, `${code} after the answer`);
        const held = await ctx.db.query<{ n: number }>(`select count(*)::int n from redemptions where code_key = $1 and state = 'held'`, [
          code.toUpperCase(),
        ]);
        assert.equal(held[0]?.n, before + placedOf(during), 'uses that were granted stay');
        if (code === 'few') assert.equal(withdrawn.used, held[0]?.n, 'nothing is granted after the withdrawal');
      }
      await assert.rejects(withdrawCode(ctx, anId(), 'few', by), { code: 'not_found' });
    } finally {
      another.cache.close();
      await another.db.close();
      await fixture.close();
    }
  });

  test('an order that waits for a code which is being withdrawn is refused it', async () => {
    const fixture = await openQuietly();
    const { ctx } = fixture;
    const aside = fixture.another();
    try {
      const product = await aProduct(ctx);
      const id = anId();
      await promote(ctx, id, 'currency', 'false, null');
      await ctx.db.query(`insert into promotion_codes (code_key, promotion_id, uses_max) values ('FEW', $1, 1000)`, [id]);
      const placing = await aside.transaction(async (tx) => {
        await tx.query(`update promotion_codes set withdrawn_at = now() where code_key = 'FEW'`);
        const placed = Promise.allSettled([ctx.place(aCommand(product, {}, ['few']))]);
        await until(async () => {
          const waiting = await ctx.db.query(
            `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          );
          return waiting.length > 0 ? undefined : 'the order does not wait yet';
        });
        return { placed };
      });
      assert.equal(placedOf(await placing.placed), 0);
    } finally {
      await aside.close();
      await fixture.close();
    }
  });

  test('orders by what has no limit never wait for each other, cancellations and orders by limited ones never wait in a circle', async () => {
    const fixture = await openQuietly({ place_batch_max: 4, place_delay_ms: 1 });
    const { ctx } = fixture;
    const another = openOrdersContext(fixture.config, { broker: ctx.broker, log: ctx.log });
    const aside = fixture.another();
    try {
      const product = await aProduct(ctx);
      const [free, one, two] = [anId(), anId(), anId()];
      await promote(ctx, free, 'currency', 'false, null');
      await promote(ctx, one, 'uses_max', 'false, 1000');
      await promote(ctx, two, 'uses_max', 'false, 1000');
      await ctx.db.query(
        `insert into promotion_codes (code_key, promotion_id, uses_max) values ('FREE', $1, null), ('ONE', $2, 1000), ('TWO', $3, 1000)`,
        [free, one, two],
      );
      await aside.transaction(async (tx) => {
        await tx.query('select 1 from promotions for no key update');
        await tx.query('select 1 from promotion_codes for no key update');
        const placement = await ctx.place(aCommand(product, {}, ['free']));
        assert.equal(placement.kind, 'placed');
      });
      const orders: Order[] = [];
      for (let round = 0; round < 6; round += 1) {
        const commands = Array.from({ length: 12 }, (_, index) => aCommand(product, {}, index % 2 === 0 ? ['one', 'two'] : ['two', 'one']));
        const cancelled = orders.splice(0);
        const [placements] = await Promise.all([
          Promise.all(commands.map((command, index) => (index % 3 === 0 ? ctx : another).place(command))),
          ...[0, 1].map((half) => {
            const own = cancelled.filter((_, index) => index % 2 === half);
            return deliver(
              half === 0 ? ctx : another,
              own.flatMap((order) => [reserved(order), declined(order)]),
            );
          }),
        ]);
        orders.push(...placements.flatMap((placement) => (placement.kind === 'placed' ? placement.order : [])));
      }
      assert.equal(orders.length, 12);
      const used = await ctx.db.query<{ used: number }>(
        'select used from promotions where uses_max is not null union all select used from promotion_codes where uses_max is not null',
      );
      assert.deepEqual(
        used.map((row) => row.used),
        [12, 12, 12, 12],
      );
    } finally {
      await aside.close();
      another.cache.close();
      await another.db.close();
      await fixture.close();
    }
  });
});
