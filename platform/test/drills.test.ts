import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { AuditReport, Drill, DrillOrder } from '@souk/contracts';
import { silentLog, systemClock, systemIds } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { until } from '@souk/messaging/testing';
import { createDrillDesk, type DrillDesk } from '../src/drills/drill-desk.ts';
import type { DrillFault } from '../src/drills/drill-fault.ts';
import { type DrillServer, openDrillServer } from '../src/drills/drill-server.ts';

const internal_token = 'a token of this installation';
const report: AuditReport = {
  started_at: '2026-01-01T00:00:00.000Z',
  finished_at: '2026-01-01T00:00:01.000Z',
  balanced: true,
  counts: { orders: 3, payments: 3, movements: 9 },
  violations: [],
  warnings: [],
};
const orderOf = (more: Partial<DrillOrder> = {}): DrillOrder => ({
  id: systemIds.uuid(),
  target: 'inventory',
  duration_s: 60,
  started_by: systemIds.uuid(),
  ...more,
});

/** A shop of which only inventory can be ended, with as many waiting orders as the test says. */
function aShop() {
  const shop = { steps: [] as string[], waiting: 0 as number | null, restore: async (): Promise<void> => undefined };
  const fault: DrillFault = {
    target: 'inventory',
    means: 'stopped',
    async end() {
      shop.steps.push('ended');
    },
    async restore() {
      await shop.restore();
      shop.steps.push('restored');
    },
  };
  const desk = createDrillDesk({
    faults: [fault],
    clock: systemClock,
    log: silentLog,
    limits: { sample_every_ms: 5, recovery_ms_max: 200, restore_again_ms: 5, kept_max: 2 },
    observer: {
      waiting: async () => shop.waiting,
      audit: async () => {
        shop.steps.push('audited');
        return report;
      },
    },
  });
  const reaches = (id: string, state: Drill['state']): Promise<Drill> => {
    let seen: Drill | undefined;
    return until(() => {
      seen = desk.list().drills.find((drill) => drill.id === id);
      return seen?.state === state ? undefined : `it is ${seen?.state}`;
    }).then(() => seen as Drill);
  };
  return { shop, desk, reaches };
}

describe('a drill', () => {
  it('takes its target away, brings it back, waits for the orders that waited, and is judged', async () => {
    const { shop, desk, reaches } = aShop();
    const order = orderOf({ duration_s: 1 });
    desk.start(order);
    await reaches(order.id, 'away');
    assert.deepEqual(shop.steps, ['ended']);
    shop.waiting = 4;
    await reaches(order.id, 'recovering');
    assert.deepEqual(shop.steps, ['ended', 'restored']);
    shop.waiting = 0;
    const drill = await reaches(order.id, 'over');
    assert.deepEqual(shop.steps, ['ended', 'restored', 'audited']);
    assert.deepEqual([drill.waiting_before, drill.waiting_most, drill.verdict], [0, 4, report]);
    for (const [before, after] of [
      [drill.started_at, drill.gone_at],
      [drill.gone_at, drill.back_at],
      [drill.back_at, drill.recovered_at],
      [drill.recovered_at, drill.ended_at],
    ])
      assert.ok(before !== null && after !== null && String(before) <= String(after), `${before} before ${after}`);
    await desk.close();
  });

  it('says that orders did not go on in time, and is judged all the same', async () => {
    const { shop, desk, reaches } = aShop();
    const order = orderOf();
    desk.start(order);
    await reaches(order.id, 'away');
    shop.waiting = 2;
    desk.end(order.id);
    const drill = await reaches(order.id, 'over');
    assert.deepEqual([drill.recovered_at, drill.verdict?.balanced], [null, true]);
  });

  it('is one for its id, and the only one while it lasts', async () => {
    const { desk, reaches } = aShop();
    const order = orderOf();
    const first = desk.start(order);
    assert.equal(desk.start(order).started_at, first.started_at);
    assert.throws(() => desk.start(orderOf()), { code: 'drill_running' });
    assert.throws(() => desk.start(orderOf({ target: 'orders' })), { code: 'validation_failed' });
    assert.throws(() => desk.end(systemIds.uuid()), { code: 'drill_unknown' });
    desk.end(order.id);
    await reaches(order.id, 'over');
    assert.equal(desk.start(order).state, 'over', 'a repeated request does not begin another');
    for (let number = 0; number < 2; number += 1) {
      const next = orderOf();
      desk.start(next);
      await reaches(next.id, 'away');
      desk.end(next.id);
      await reaches(next.id, 'over');
    }
    assert.equal(desk.list().drills.length, 2);
  });

  it('starts its target again until it is back, and says meanwhile why it is not', async () => {
    const { shop, desk, reaches } = aShop();
    let isBroken = true;
    shop.restore = async () => {
      if (isBroken) throw new Error('inventory ended (status 1) before it was ready.');
    };
    const order = orderOf();
    desk.start(order);
    await reaches(order.id, 'away');
    desk.end(order.id);
    await until(() => (desk.list().drills[0]?.failure === null ? 'no reason is given' : undefined));
    const { state, failure, back_at } = await reaches(order.id, 'returning');
    assert.deepEqual([state, failure, back_at], ['returning', 'inventory ended (status 1) before it was ready.', null]);
    isBroken = false;
    const drill = await reaches(order.id, 'over');
    assert.deepEqual([drill.failure, drill.verdict?.balanced], [null, true]);
  });

  it('starts nothing any more when the shop is being stopped', async () => {
    const { shop, desk, reaches } = aShop();
    const order = orderOf();
    desk.start(order);
    await reaches(order.id, 'away');
    await desk.close();
    assert.deepEqual(shop.steps, ['ended']);
    assert.equal((await reaches(order.id, 'failed')).failure, 'the shop was stopped meanwhile');
    assert.throws(() => desk.start(orderOf()), { code: 'drill_running' });
  });
});

describe('the door for drills', () => {
  let desk: DrillDesk | undefined;
  let server: DrillServer;
  const token = platformKeys(internal_token).drillToken();
  const ask = async (method: string, path: string, { body, shown = token }: { body?: string; shown?: string } = {}) => {
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${shown}` },
      ...(body !== undefined && { body }),
    });
    const { code, state } = (await answer.json()) as { code?: string; state?: string };
    return `${answer.status} ${code ?? state ?? ''}`;
  };
  beforeEach(async () => {
    desk = aShop().desk;
    server = await openDrillServer({ internal_token, log: silentLog, desk: () => desk });
  });
  afterEach(async () => {
    await desk?.close();
    await server.close();
  });

  it('opens to its token alone, not to another one of the installation', async () => {
    for (const shown of ['', 'wrong', platformKeys(internal_token).internalToken('operations')])
      assert.equal(await ask('GET', '/drills', { shown }), '401 token_invalid');
    assert.equal(await ask('GET', '/drills'), '200 ');
  });

  it('checks what it is sent, from operations too', async () => {
    const order = orderOf();
    assert.equal(await ask('POST', '/drills', { body: '{' }), '400 json_invalid');
    assert.equal(await ask('POST', '/drills', { body: JSON.stringify({ ...order, target: 'sh -c' }) }), '400 validation_failed');
    assert.equal(await ask('POST', '/drills', { body: JSON.stringify({ ...order, duration_s: 1_000 }) }), '400 validation_failed');
    assert.equal(await ask('POST', '/drills', { body: ' '.repeat(5_000) }), '413 body_too_large');
    assert.match(await ask('POST', '/drills', { body: JSON.stringify(order) }), /^200 (ending|away)$/);
    assert.equal(await ask('POST', '/drills', { body: JSON.stringify(orderOf()) }), '409 drill_running');
    assert.equal(await ask('DELETE', `/drills/${systemIds.uuid()}`), '404 drill_unknown');
    assert.equal(await ask('DELETE', '/drills'), '404 not_found');
  });

  it('asks for patience while the shop is being started', async () => {
    const opened = desk;
    desk = undefined;
    assert.equal(await ask('GET', '/drills'), '503 service_unavailable');
    desk = opened;
  });
});
