import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { discardDeadLetter, getDeadLetter, getOrder, listDeadLetters, replayDeadLetters } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { becomes, buy, openShop, type Shop, type WorldName } from '../_support.ts';

/** What happens to messages that cannot be handled, in the given world. */
export function deadLetterScenarios(world: WorldName): void {
  describe(`dead letters in the ${world} world`, () => {
    let shop: Shop;
    before(async () => {
      shop = await openShop({ world });
    });
    after(() => shop.souk.stop());

    const foreign = (body: string) => ({
      message_id: systemIds.uuid(),
      routing_key: 'payment.requested',
      body,
      correlation_id: systemIds.uuid(),
      headers: { event_type: 'payment.requested', version: '1.0' },
      mandatory: true,
    });

    test('20 poison messages among good ones become dead letters with their reasons, and every good one has its effect', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(100)];
      const poison = Array.from({ length: 20 }, (_, index) => foreign(index % 2 === 0 ? '{"half' : '{"event_type":"payment.requested"}'));
      const [orders] = await Promise.all([
        Promise.all(Array.from({ length: 40 }, () => buy(shopper, product, { wait_s: 30 }))),
        shop.souk.world.broker.publish(poison),
      ]);
      assert.deepEqual(new Set(orders.map((order) => order.status)), new Set(['confirmed']));
      const params = { service: 'payments' } as const;
      await until(async () => {
        const { body } = await shop.staff.expect(200, listDeadLetters, { params, query: { limit: 100 } });
        return body.length === 20 ? undefined : `${body.length} dead letters`;
      });
      const letters = (await shop.staff.expect(200, listDeadLetters, { params, query: { limit: 100 } })).body;
      assert.deepEqual(new Set(letters.map((letter) => letter.reason)), new Set(['event_invalid']));
      const id = letters[0]?.id as string;
      assert.equal((await shop.staff.expect(200, getDeadLetter, { params: { ...params, id } })).body.queue, 'payments.create-payment');
      assert.equal((await shopper.api.refused(403, listDeadLetters, { params })).code, 'forbidden');
      await shop.staff.expect(204, discardDeadLetter, { params: { ...params, id } });
      assert.equal((await shop.staff.refused(404, getDeadLetter, { params: { ...params, id } })).code, 'dead_letter_unknown');
      // What is replayed without a cure dies again, once each, and the replay itself ends.
      const replay = await shop.staff.expect(200, replayDeadLetters, { params, body: { reason: 'event_invalid' } });
      assert.equal(replay.body.replayed, 19);
      await until(async () => {
        const { body } = await shop.staff.expect(200, listDeadLetters, { params, query: { limit: 100 } });
        return body.length === 19 ? undefined : `${body.length} dead letters`;
      });
      await shop.booksBalance();
    });

    test('a message that fails in passing is tried again by itself and has its one effect when the cause is gone', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(10)];
      // Payments cannot write while the constraint is there: every attempt fails and comes again after a growing delay.
      const payments = shop.souk.service('payments').context.db;
      await payments.query('alter table payments add constraint broken_for_a_while check (amount < 0) not valid');
      const order = await buy(shopper, product, { wait_s: 0 });
      await becomes(shopper.api, order.id, 'awaiting_payment');
      await payments.query('alter table payments drop constraint broken_for_a_while');
      await becomes(shopper.api, order.id, 'confirmed');
      assert.equal((await shopper.api.expect(200, getOrder, { params: { order_id: order.id } })).body.status, 'confirmed');
      await shop.booksBalance();
    });
  });
}
