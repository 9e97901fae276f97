/** Faults of what works in the background: timed work, rules, the collector of traces, and all of it at once. */
import assert from 'node:assert/strict';
import { createWebhook, deleteWebhook, login, pingWebhook, type ServiceName, serviceNames } from '@souk/contracts';
import { required } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { startTraceReceiver, type TraceReceiver } from '@souk/trace-receiver';
import { openTerminal } from './_commands.ts';
import type { Fault, Scene } from './_fault.ts';

const job = 'forget-idempotency-keys';
const cured_limit_ms = 40_000;
/** Of a name that is given to no host (RFC 2606). */
const absentReceiver = 'https://receiver.example/souk';

/** Evaluation of one side by the other finds several of each: what an exporter that was added twice leads to. */
const ambiguous = { groups: [{ name: 'ambiguous', interval: '1s', rules: [{ record: 'souk:ambiguous', expr: 'up * on (job) up' }] }] };
const noRules = { groups: [] };

/** How often the job has succeeded, as its metrics say. */
async function timesDone({ souk }: Scene): Promise<number> {
  const text = await (await fetch(`${souk.urlOf('products')}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith('souk_job_runs_total') && each.includes(job) && each.includes('"done"'));
  return Number(line?.split(' ').at(-1));
}

export const timedWork: readonly Fault[] = [
  {
    what: 'timed work whose table is gone',
    alerts: [
      {
        alert: 'JobFailing',
        step: 'Read the log line of the job and cure what it names. It is tried again by itself, after at most 30 s.',
      },
    ],
    async inflict(scene) {
      const { souk, lines } = scene;
      const products = souk.databaseOf('products');
      await products.query('alter table idempotency_keys rename to idempotency_keys_away');
      souk.service('products').context.wakeJob(job);
      return async () => {
        const line = required(
          lines().find((each) => each.includes(`"job":"${job}"`)),
          'a line of the job',
        );
        assert.match(line, /relation \\"idempotency_keys\\" does not exist/);
        const before = await timesDone(scene);
        await products.query('alter table idempotency_keys_away rename to idempotency_keys');
        await until(async () => ((await timesDone(scene)) > before ? undefined : 'the job has not succeeded'), cured_limit_ms);
      };
    },
  },
  {
    what: 'webhooks whose secrets cannot be read',
    alerts: [
      {
        alert: 'WebhookDeliveriesStuck',
        step: 'Read the log line of the job `deliver-webhooks` and cure what it names. What is due is posted by itself then',
      },
    ],
    async inflict({ souk, anonymous, lines }) {
      const { username, password } = required(
        souk.accounts.find(({ role }) => role === 'admin'),
        'the account of an administrator',
      );
      const { body: pair } = await anonymous.expect(200, login, { body: { login: username, password } });
      const admin = anonymous.with({ token: pair.access_token });
      const { id } = (await admin.expect(201, createWebhook, { body: { url: absentReceiver, event_types: ['order.shipped'] } })).body;
      const notifications = souk.databaseOf('notifications');
      await notifications.query('alter table webhook_secrets rename to webhook_secrets_away');
      await admin.call(pingWebhook, { params: { webhook_id: id } });
      const waited = await notifications.query(
        `update deliveries set next_attempt_at = now() - interval '2 hours' where webhook_id = $1 and status = 'pending' returning 1`,
        [id],
      );
      assert.equal(waited.length, 1);
      return async () => {
        const line = required(
          lines().find((each) => each.includes('"job":"deliver-webhooks"')),
          'a line of the job',
        );
        assert.match(line, /relation \\"webhook_secrets\\" does not exist/);
        await notifications.query('alter table webhook_secrets_away rename to webhook_secrets');
        await until(async () => {
          const [delivery] = await notifications.query<{ attempts: number }>('select attempts from deliveries where webhook_id = $1', [id]);
          return (delivery?.attempts ?? 0) > 0 ? undefined : 'nothing was tried';
        }, cured_limit_ms);
        await admin.expect(204, deleteWebhook, { params: { webhook_id: id } });
      };
    },
  },
  {
    what: 'a rule that cannot be evaluated',
    alerts: [{ alert: 'RulesFailing', step: 'Restart Prometheus, or send it SIGHUP.' }],
    async inflict({ prometheus }) {
      await prometheus.useRules('ambiguous.yml', ambiguous);
      return async () => {
        await prometheus.useRules('ambiguous.yml', noRules);
        await until(async () => {
          const ill = (await prometheus.rules()).filter(({ health }) => health === 'err');
          return ill.length === 0 ? undefined : `rules fail: ${ill.map(({ name }) => name).join(', ')}`;
        }, cured_limit_ms);
      };
    },
  },
];

/** A collector that is not there from the start; afterwards it stays until `close`. */
export function absentCollector(port: number): { fault: Fault; close(): Promise<void> } {
  let receiver: TraceReceiver | undefined;
  const fault: Fault = {
    what: 'a collector that is away, while everything else goes on',
    alerts: [{ alert: 'TracesLost', step: 'Start the collector, or correct the address.' }],
    async inflict({ prometheus }) {
      return async () => {
        receiver = await startTraceReceiver({ port });
        await until(async () => {
          const [exported] = await prometheus.now('sum(souk_traces_spans_total{outcome="exported"})');
          return (exported?.value ?? 0) > 0 ? undefined : 'no span has arrived';
        }, cured_limit_ms);
      };
    },
  };
  return { fault, close: async () => receiver?.close() };
}

export const everythingStopped: Fault = {
  what: 'everything has stopped',
  alerts: [
    { alert: 'TelemetryLost', step: 'While it lasts, watch by' },
    { alert: 'DiscoveryFailing', step: 'A gateway that was away needs nothing: Prometheus asks again by itself.' },
    { alert: 'AuditTooOld', step: 'Bring back the service the command names.' },
  ],
  async inflict({ souk }) {
    const order: ServiceName[] = ['gateway', ...serviceNames.filter((name) => name !== 'gateway')];
    for (const name of order) await souk.stopService(name);
    return async () => {
      // As at a start: processes that verify tokens ask users for its keys, and those that are ready register at the gateway.
      await souk.startService('users');
      for (const name of order.filter((each) => each !== 'users')) await souk.startService(name);
      const type = await openTerminal(souk);
      assert.match(await type('npm run souk -- audit'), /^books balanced: .* 0 violations$/m);
    };
  },
};
