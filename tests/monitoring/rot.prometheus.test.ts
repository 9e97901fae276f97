/**
 * The heart of it: the platform, a real Prometheus with the committed configuration, good days and bad ones, and then
 * every expression of every panel and rule must have something to say. Renaming a metric makes this fail.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ProblemError } from '@souk/client';
import { serviceNames } from '@souk/contracts';
import { required } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { until } from '@souk/platform/testing';
import { typeCommands } from './_commands.ts';
import { type Expression, expressions, isOfServers } from './_committed.ts';
import { inflict, type Played, playRound, type Scene } from './_fault.ts';
import { chaos_token, faultRounds } from './_faults.ts';
import { goodDay } from './_journeys.ts';
import { quickConfig, quickRules } from './_overrides.ts';
import { findProgram, type Prometheus, startPrometheus } from './_prometheus.ts';
import { selectorsOf } from './_promql.ts';
import { findingLines, findRot } from './_rot.ts';
import { readRunbooks } from './_runbooks.ts';
import { openStage, type Stage } from './_stage.ts';
import { absentCollector, everythingStopped } from './_work-faults.ts';

const renamed = 'souk_outbox_backlog';
const alertLimitMs = 60_000;
const scrapeLimitMs = 20_000;
const goodDayLimitMs = 90_000;
const collector_port = required((await findFreePorts(1))[0], 'a free port');
const collector = absentCollector(collector_port);
const env = {
  RATE_LIMIT: 'on',
  RATE_LIMIT_AUTH_MAX: '1000',
  RATE_LIMIT_WRITE_MAX: '1000',
  RATE_LIMIT_READ_MAX: '400',
  DB_POOL_MAX: '6',
  CHAOS_TOKEN: chaos_token,
  AUDIT_INTERVAL_MS: '2000',
  AUDIT_GRACE_MS: '0',
  // A collector that is not there: nothing may wait for it, and that its spans are lost must be told.
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector_port}`,
  OTEL_BSP_SCHEDULE_DELAY: '500',
};

function wasAway(error: unknown): string {
  if (error instanceof ProblemError && error.code === 'service_unavailable') return error.message;
  throw error;
}

const program = required(await findProgram('prometheus'), 'prometheus in the PATH');

describe('what the panels and rules show of a running platform', () => {
  let stage: Stage;
  let scene: Scene;
  let slow: Played;
  let prometheus: Prometheus;
  let relabelled: Prometheus;
  let embedded: Expression[];

  const open = async (renamed_metric?: string): Promise<Prometheus> => {
    const [port] = await findFreePorts(1);
    return startPrometheus(program, {
      port: port as number,
      config: await quickConfig(stage.souk, `127.0.0.1:${port}`, {}, renamed_metric),
      rules: renamed_metric === undefined ? await quickRules() : {},
    });
  };
  const scraped = async (): Promise<void> => {
    const since_s = Date.now() / 1_000;
    await until(async () => {
      const [oldest] = await prometheus.now('min(timestamp(up{job="souk"}) and up{job="souk"} == 1)');
      return (oldest?.value ?? 0) > since_s ? undefined : 'not all that answer were scraped';
    }, scrapeLimitMs);
  };
  before(async () => {
    stage = await openStage({ env });
    [prometheus, relabelled] = await Promise.all([open(), open(renamed)]);
    scene = { ...stage, prometheus, scraped };
    embedded = (await expressions()).filter(({ expr }) => selectorsOf(expr).every((selector) => !isOfServers(selector)));
    // Both must have seen the metrics before anything counts: what is first seen with its last value never grew.
    for (const each of [prometheus, relabelled])
      await until(async () => {
        const { length } = await each.now('up{job="souk"} == 1');
        return length === serviceNames.length ? undefined : `${length} of ${serviceNames.length} are scraped`;
      }, scrapeLimitMs);
  });
  after(async () => {
    await collector.close();
    await Promise.all([prometheus?.stop(), relabelled?.stop()]);
    await stage?.souk.stop();
  });

  test('good days leave their metrics, with a collector that is away', async () => {
    slow = await inflict([collector.fault], scene);
    for (const _ of ['first', 'second']) {
      // On a busy machine a service may be away for a moment; another day is as good.
      await until(() => goodDay(stage).then(() => undefined, wasAway), goodDayLimitMs);
      await scraped();
    }
  });

  for (const round of faultRounds)
    test(`alerts fire for, and their runbooks end: ${round.map(({ what }) => what).join('; ')}`, () =>
      playRound(round, scene, alertLimitMs));

  test('the alert of lost traces fires, and its step brings them back', async () => {
    await slow.seen(alertLimitMs);
    await slow.cured(alertLimitMs);
  });

  test('every panel, variable and rule finds its series and has a value', async () => {
    await scraped();
    const findings = await findRot(prometheus, embedded);
    assert.equal(findings.length, 0, `${findings.length} of ${embedded.length} expressions show nothing:\n${findingLines(findings)}`);
  });

  test('every command of the runbooks has something to say', async () => {
    const commands = [...new Set((await readRunbooks()).flatMap(({ look }) => look))];
    assert.ok(commands.length > 50);
    assert.deepEqual(await typeCommands(stage.souk, commands), []);
  });

  test('a metric with another name is found wherever it was used, and nothing else is', async () => {
    const users = embedded.filter(({ expr }) => selectorsOf(expr).some(({ metric }) => metric === renamed));
    const others = embedded.filter((expression) => !users.includes(expression));
    const found = await findRot(relabelled, users);
    assert.ok(users.length >= 3, 'the metric is used at all');
    assert.deepEqual([...new Set(found.map(({ where }) => where))], [...new Set(users.map(({ where }) => where))]);
    const sample = others.filter(
      ({ kind, where, expr }) => kind === 'panel' && where.startsWith('checkout.json') && !expr.includes('souk:'),
    );
    assert.deepEqual(await findRot(relabelled, sample), []);
  });

  test('alerts fire when everything has stopped, and end when it is started', () => playRound([everythingStopped], scene, alertLimitMs));
});
