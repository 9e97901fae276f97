import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { required, silentLog } from '@souk/kernel';
import { startLocalRedis } from '@souk/local-servers/redis';
import { openRedis, type Redis } from '@souk/redis';
import { away, eventually, notedLog, ready, type TestServer, testServer } from './_support.ts';

/** What calls cost one after the other, in milliseconds; all of them must fail. */
async function costsOfFailing(redis: Redis, calls: number): Promise<number[]> {
  const costs: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const started_ms = performance.now();
    await assert.rejects(redis.send(['GET', 'x']), { code: 'redis_unavailable' });
    costs.push(performance.now() - started_ms);
  }
  return costs;
}

const median = (costs: number[]): number => costs.toSorted((left, right) => left - right)[costs.length >> 1] ?? 0;

describe('the connection to Redis', () => {
  let made: TestServer;
  before(async () => {
    made = await testServer();
  });
  after(() => made.end());

  it('is there soon after the start, which did not wait for it', async () => {
    const redis = made.open();
    assert.equal(redis.state(), 'connecting');
    await assert.rejects(redis.send(['GET', 'x']), { code: 'redis_unavailable' });
    await ready(redis);
    assert.equal(await redis.send(['SET', 'x', 'one']), 'OK');
    assert.equal(await redis.send(['GET', 'x']), 'one');
  });

  it('costs three short waits when Redis hangs, then nothing, and heals when it goes on', async () => {
    const redis = made.open({ command_timeout_ms: 15, heartbeat_ms: 60_000, silence_ms_max: 120_000 });
    await ready(redis);
    made.server.signal('SIGSTOP');
    const costs = await costsOfFailing(redis, 200);
    made.server.signal('SIGCONT');
    assert.ok(costs.filter((cost) => cost > 10).length <= 6, `waited ${costs.filter((cost) => cost > 10).length} times`);
    assert.ok(median(costs) < 1, `a call cost ${median(costs)} ms`);
    await ready(redis);
    await eventually('an answer', () =>
      redis.send(['PING']).then(
        (pong) => pong === 'PONG',
        () => false,
      ),
    );
  });

  it('that is late for a moment gets no commands and does not count as away; one that stays silent is away', async () => {
    const { log, lines } = notedLog();
    const redis = made.open({ command_timeout_ms: 15, heartbeat_ms: 60_000, silence_ms_max: 120_000, suspect_ms_max: 60_000, log });
    await ready(redis);
    const logged = lines.length;
    const states: string[] = [];
    redis.onState((state) => states.push(state));
    made.server.signal('SIGSTOP');
    const costs = await costsOfFailing(redis, 50);
    assert.ok(median(costs) < 1, `a call cost ${median(costs)} ms`);
    made.server.signal('SIGCONT');
    await eventually('an answer', () =>
      redis.send(['PING']).then(
        (pong) => pong === 'PONG',
        () => false,
      ),
    );
    assert.deepEqual({ states, logged: lines.slice(logged) }, { states: [], logged: [] });
  });

  it('sees that an idle connection hangs before a caller does, and gives it up after the longest silence', async () => {
    const { log, lines } = notedLog();
    const redis = made.open({ command_timeout_ms: 15, heartbeat_ms: 10, silence_ms_max: 200, log });
    await ready(redis);
    made.server.signal('SIGSTOP');
    await away(redis);
    assert.ok((await costsOfFailing(redis, 20)).every((cost) => cost < 10));
    assert.deepEqual(lines.length, 1, lines.join('\n'));
    made.server.signal('SIGCONT');
    await ready(redis);
  });

  it('costs nothing when Redis was killed, and heals when it is started again', async () => {
    const { log, lines } = notedLog();
    const redis = made.open({ log });
    await ready(redis);
    const run = redis.epoch();
    await made.server.kill();
    await away(redis);
    assert.ok(median(await costsOfFailing(redis, 200)) < 1);
    await made.server.restart();
    await ready(redis);
    assert.notEqual(redis.epoch(), run, 'another run has another name');
    assert.equal(await redis.send(['PING']), 'PONG');
    assert.equal(lines.length, 1, lines.join('\n'));
  });

  it('receives from its channels again after a restart and is notified of the gap', async () => {
    const redis = made.open();
    const said: string[] = [];
    redis.subscribe('news', { received: (text) => void said.push(text), gap: () => void said.push('(gap)') });
    await ready(redis);
    await eventually('hearing', () => said.length === 1);
    await redis.send(['PUBLISH', 'news', 'one']);
    await eventually('one', () => said.includes('one'));
    await made.server.kill();
    await away(redis);
    await made.server.restart();
    await ready(redis);
    await redis.send(['PUBLISH', 'news', 'two']);
    await eventually('two', () => said.includes('two'));
    assert.deepEqual(said, ['(gap)', 'one', '(gap)', 'two']);
  });

  for (const [how, wrong] of Object.entries({
    'a wrong password': (url: string) => url.replace(/:[0-9a-f]+@/, ':wrong-guess@'),
    'no password': (url: string) => url.replace(/:[0-9a-f]+@/, ''),
    'a database that is not there': (url: string) => url.replace(/0$/, '99'),
    'a port where nobody is': (url: string) => url.replace(/:\d+\/0$/, ':1/0'),
  })) {
    it(`${how} is one clear line, without the password, and calls fail at once`, async () => {
      const { log, lines } = notedLog();
      const url = wrong(made.server.url);
      const redis = made.open({ url, log, reconnect_first_ms: 5, reconnect_ms_max: 10 });
      await away(redis);
      assert.ok(median(await costsOfFailing(redis, 50)) < 1);
      await eventually('the reason', () => lines.length > 0);
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(lines[0] ?? '', /WRONGPASS|NOAUTH|DB index|ECONNREFUSED/);
      assert.doesNotMatch(lines.join(), /wrong-guess|[0-9a-f]{48}/);
    });
  }

  for (const url of ['redis://', 'http://h:1', 'redis://:se cret@h:x', 'redis://:secret@h/one', 'redis://:%E0secret@h', 'secret'])
    it(`refuses ${url} as an address and does not repeat it`, () => {
      assert.throws(
        () => openRedis({ url, log: silentLog }),
        (error: Error & { code: string }) =>
          error.code === 'config_invalid' && !`${error.stack} ${JSON.stringify(error)}`.includes('se cret'),
      );
    });
});

describe('a local Redis', () => {
  it('keeps its data across a restart when configured so, and comes back by itself after a crash', async () => {
    const made = await testServer({ appendonly: true, revive: true });
    try {
      const redis = made.open();
      await ready(redis);
      await redis.send(['SET', 'kept', 'yes']);
      await made.server.restart();
      await eventually('the value', () =>
        redis.send(['GET', 'kept']).then(
          (text) => text === 'yes',
          () => false,
        ),
      );
      const pid = required(made.server.pid, 'the pid');
      process.kill(pid, 'SIGKILL');
      await eventually('another process', () => made.server.pid !== pid);
      await eventually('an answer', () =>
        redis.send(['PING']).then(
          () => true,
          () => false,
        ),
      );
    } finally {
      await made.end();
    }
  });

  it('ends what an earlier run left in its folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'souk-redis-'));
    const left = await startLocalRedis({ folder, log: silentLog });
    const left_pid = required(left.pid, 'the pid');
    const next = await startLocalRedis({ folder, log: silentLog });
    try {
      await left.stop();
      assert.throws(() => process.kill(left_pid, 0), { code: 'ESRCH' });
      assert.ok(process.kill(required(next.pid, 'the pid'), 0));
    } finally {
      await next.stop();
      await rm(folder, { recursive: true });
    }
  });

  it('is refused with the command that installs it where there is none', async () => {
    await assert.rejects(testServer({ program: 'redis-server-that-is-not-there' }), {
      code: 'redis_server_missing',
      message: /apt-get install/,
    });
  });
});
