/** Faults of what the distributed world stands on: RabbitMQ, Redis, PostgreSQL and their exporters. */
import assert from 'node:assert/strict';
import { dataServices, getOrder } from '@souk/contracts';
import { required, silentLog } from '@souk/kernel';
import { openDatabase, openRedis, type TestPostgres, until } from '@souk/platform/testing';
import type { Exporter } from './_exporters.ts';
import type { Fault, Scene, Seen } from './_fault.ts';
import { statementOf } from './_runbooks.ts';

const cured_limit_ms = 45_000;
/** Of the thirty that the small PostgreSQL allows; three are kept for superusers. */
const sessions = 25;

const dataServers = dataServices;
const serversOf = ({ souk }: Scene) => required(souk.servers, 'the servers of the distributed world');

/** An order from the click to the confirmation, through every service, once all of them are at their queues again. */
async function sells({ souk, aShopper, aProduct, buy }: Scene): Promise<void> {
  await until(() => {
    const away = dataServers.filter((name) =>
      souk
        .service(name)
        .context.messaging.health()
        .consumers.some(({ attached }) => !attached),
    );
    return away.length === 0 ? undefined : `not at their queues: ${away.join(', ')}`;
  }, cured_limit_ms);
  assert.equal((await buy(await aShopper(), await aProduct(1))).status, 'confirmed');
}

/** From the beginning to the end: metrics are old only after a minute. */
export const missingMetrics: Fault = {
  what: 'metrics that cannot be read from the database',
  alerts: [{ alert: 'SamplesTooOld', step: 'Cure the broker or the database; the metrics come back by themselves.' }],
  async inflict({ souk }) {
    const products = souk.databaseOf('products');
    await products.query('alter table dead_letters rename to dead_letters_away');
    return () => products.query('alter table dead_letters_away rename to dead_letters');
  },
};

export const unreadQueue: Fault = {
  what: 'a queue without a consumer',
  alerts: [
    { alert: 'BrokerQueueUnread', step: 'Start the service.' },
    { alert: 'ServiceDown', step: 'Read its log, cure what it names, start it.' },
  ],
  async inflict({ souk, aShopper, aProduct, buy }) {
    const [shopper, product] = [await aShopper(), await aProduct(1)];
    await souk.stopService('payments');
    const order = await buy(shopper, product, { wait_s: 0 });
    return async () => {
      await souk.startService('payments');
      await until(async () => {
        const { status } = (await shopper.expect(200, getOrder, { params: { order_id: order.id } })).body;
        return status === 'confirmed' ? undefined : `the order is ${status}`;
      }, cured_limit_ms);
    };
  },
};

export const fullRedis: Fault = {
  what: 'a Redis that is nearly full',
  alerts: [{ alert: 'RedisMemoryFull', step: 'Raise `maxmemory`' }],
  async inflict(scene) {
    const client = openRedis({ url: serversOf(scene).redis.url, log: silentLog });
    await until(() => (client.state() === 'ready' ? undefined : 'not connected'), cured_limit_ms);
    const memory = await client.send<string>(['INFO', 'memory']);
    const used = Number(/^used_memory:(\d+)/m.exec(memory)?.[1]);
    await client.send(['CONFIG', 'SET', 'maxmemory', String(Math.round(used * 1.05))]);
    return async () => {
      await client.send(['CONFIG', 'SET', 'maxmemory', '0']);
      client.close();
    };
  },
};

export const brokerWithoutMemory: Fault = {
  what: 'a RabbitMQ without memory',
  alerts: [{ alert: 'BrokerAlarm', step: 'raise `vm_memory_high_watermark`' }],
  async inflict(scene) {
    const { rabbit } = serversOf(scene);
    await rabbit.ctl('set_vm_memory_high_watermark', 'absolute', '1MB');
    return async () => {
      await rabbit.ctl('set_vm_memory_high_watermark', '0.6');
      await sells(scene);
    };
  },
};

export const stuckQueue: Fault = {
  what: 'a queue of RabbitMQ that has lost its leader',
  alerts: [{ alert: 'BrokerQueueSilent', step: '`rabbitmqctl stop_app && rabbitmqctl start_app`' }],
  async inflict(scene) {
    const { rabbit } = serversOf(scene);
    await rabbit.ctl('eval', `ra:stop_server(quorum_queues, {list_to_atom("%2F_inventory.reserve-stock"), node()}).`);
    await rabbit.ctl('close_all_connections', 'a fault');
    return async () => {
      const { aShopper, aProduct, buy } = scene;
      const shopper = await aShopper();
      // Taken, and waiting: no order may reserve its stock.
      const order = await buy(shopper, await aProduct(1), { wait_s: 0 });
      await rabbit.ctl('stop_app');
      await rabbit.ctl('start_app');
      await until(async () => {
        const { status } = (await shopper.expect(200, getOrder, { params: { order_id: order.id } })).body;
        return status === 'confirmed' ? undefined : `the order is ${status}`;
      }, cured_limit_ms);
    };
  },
};

export const stoppedRedis: Fault = {
  what: 'a Redis that is stopped, and orders go on without it',
  alerts: [
    { alert: 'RedisAway', step: 'Start Redis. Everybody connects again by itself.' },
    { alert: 'RedisDown', step: 'Start Redis.' },
  ],
  async inflict(scene) {
    const { redis } = serversOf(scene);
    await redis.stop();
    return async () => {
      await sells(scene);
      await redis.restart();
    };
  },
};

export const stoppedBroker: Fault = {
  what: 'a RabbitMQ that is stopped, and its plugin with it',
  alerts: [
    { alert: 'BrokerAway', step: 'Start the broker. Services connect by themselves within seconds; they need no restart.' },
    { alert: 'ConsumerDetached', step: 'Look in the log of the service for the name of the queue.' },
    { alert: 'ExporterDown', step: 'Start the exporter.' },
  ],
  async inflict(scene) {
    const { rabbit } = serversOf(scene);
    await rabbit.stop();
    return async () => {
      await rabbit.start();
      await sells(scene);
    };
  },
};

/** A PostgreSQL that only an exporter looks at, so that it may be filled and stopped. */
export interface SmallDatabase extends Seen {
  small: TestPostgres;
  exporter: Exporter;
}

const open = ({ small }: SmallDatabase, application_name: string, pool_max: number) =>
  openDatabase({ url: small.superuser_url, application_name, pool_max, log: silentLog });

export const databaseFaults: readonly Fault<SmallDatabase>[] = [
  {
    what: 'sessions that were forgotten',
    alerts: [{ alert: 'DatabaseConnectionsNearLimit', step: 'End sessions that were forgotten' }],
    async inflict(scene) {
      const forgetful = open(scene, 'forgetful report', sessions);
      const released = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      let open_now = 0;
      const held = Array.from({ length: sessions }, () =>
        forgetful.transaction(async (tx) => {
          await tx.query('select 1');
          if (++open_now === sessions) begun.resolve();
          await released.promise;
        }),
      );
      await begun.promise;
      return async () => {
        const operator = open(scene, 'operator', 1);
        const runbook = 'database-connections-near-limit.md';
        const counted = await operator.query<{ application_name: string; count: string }>(await statementOf(runbook, 'count(*)'));
        const [most] = counted;
        assert.deepEqual([most?.application_name, Number(most?.count)], ['forgetful report', sessions]);
        await operator.query((await statementOf(runbook, 'pg_terminate_backend')).replace('APPLICATION', 'forgetful report'));
        released.resolve();
        await Promise.allSettled(held);
        await Promise.all([operator.close(), forgetful.close()]);
      };
    },
  },
  {
    what: 'a PostgreSQL that is stopped',
    alerts: [{ alert: 'DatabaseDown', step: 'Read the log of PostgreSQL and start it; recovery after a crash needs no hand.' }],
    async inflict({ small, exporter }) {
      const start = await small.outage();
      return async () => {
        await start();
        await until(async () => {
          const text = await (await fetch(`http://${exporter.address}/metrics`)).text();
          return /^pg_up 1$/m.test(text) ? undefined : 'the exporter does not reach it';
        }, cured_limit_ms);
      };
    },
  },
];

/** Each but those of the small database. */
export const serverFaults: readonly Fault[] = [
  missingMetrics,
  unreadQueue,
  fullRedis,
  brokerWithoutMemory,
  stuckQueue,
  stoppedBroker,
  stoppedRedis,
];
