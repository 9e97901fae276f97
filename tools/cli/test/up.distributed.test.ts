/** One platform of many processes in the foreground of a terminal, through its life: each test goes on with what the one before left. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type AuditReport, type Drill, type Drills, serviceNames } from '@souk/contracts';
import { pause, required } from '@souk/kernel';
import { anUpHome, isGone, type Note } from './_up-process.ts';

const stormMs = 8_000;
const drillSeconds = 4;
const servicesEndWithinMs = 60_000;
const { up, note, end } = await anUpHome();
after(end);

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );

/** SIGKILL to every process that runs now, within moments. */
function killAll({ processes }: Note): void {
  for (const { pid } of processes.filter(({ pid }) => pid !== null && !isGone(pid))) process.kill(pid, 'SIGKILL');
}

describe('souk up', () => {
  it('brings up replicas on local servers, sells, and restarts what is killed', async () => {
    up.launch('--replicas', 'orders=2,gateway=2');
    await up.isUp();
    const before = await note();
    assert.deepEqual(
      before.processes.map(({ name }) => name).sort(),
      [...serviceNames.map((name) => `${name}-1`), 'gateway-2', 'orders-2'].sort(),
    );
    for (const gateway of before.processes.slice(0, 2)) assert.equal(await up.order(gateway.url), 'confirmed', gateway.name);

    for (const name of ['orders-2', 'gateway-1']) {
      const victim = before.processes.find((each) => each.name === name);
      process.kill(victim?.pid ?? 0, 'SIGKILL');
      const again = await up.until(
        async () => (await note()).processes.find((each) => each.name === name && ![null, victim?.pid].includes(each.pid)),
        name,
      );
      await up.until(async () => (await answers(again.url)) || undefined, `${name} to be ready again`);
      assert.match(up.output(), new RegExp(`"instance_id":"${name}","msg":"ended \\(SIGKILL\\); starting it again`));
    }
    assert.equal(await up.order(before.gateway_url), 'confirmed');
    const audit = await up.souk('audit', '--grace', '0');
    assert.equal(audit.code, 0, audit.stdout + audit.stderr);
    assert.equal((await up.souk('dead', 'list')).stdout, 'There are no dead letters.\n');
    assert.match((await up.souk('up')).stderr, /is running already/);
  });

  it('kills inventory, and then RabbitMQ, for a drill; orders wait and go on, and the drill says what the auditor says', async () => {
    const { gateway_url, processes } = await note();
    const authorization = `Bearer ${(await up.souk('token', '--role', 'admin')).stdout.trim()}`;
    const ask = async <Body>(path: string, body?: object): Promise<Body> => {
      const sent = body && { method: 'PUT', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const answer = await fetch(`${gateway_url}${path}`, sent ?? { headers: { authorization } });
      assert.equal(answer.status, 200, path);
      return (await answer.json()) as Body;
    };
    const drillNow = async (): Promise<Drill> => required((await ask<Drills>('/api/drills')).drills[0], 'a drill');
    const before = required(
      processes.find(({ name }) => name === 'inventory-1'),
      'inventory',
    );
    for (const target of ['inventory', 'broker']) {
      await ask(`/api/drills/${crypto.randomUUID()}`, { target, duration_s: drillSeconds });
      await up.until(async () => (await drillNow()).state === 'away' || undefined, `${target} to be gone`);
      if (target === 'inventory') assert.ok(isGone(before.pid));
      await up.order(gateway_url);
      const drill = await up.until(async () => {
        const now = await drillNow();
        return now.ended_at === null ? undefined : now;
      }, 'the verdict');
      assert.deepEqual([drill.means, drill.state, drill.failure, drill.verdict?.violations], ['killed', 'over', null, []]);
      assert.ok(drill.recovered_at !== null, `orders go on after ${target}`);
      assert.deepEqual(await ask<AuditReport>('/api/audit'), drill.verdict);
    }
    const after = (await note()).processes.find(({ name }) => name === 'inventory-1');
    assert.ok(after !== undefined && after.pid !== before.pid && !isGone(after.pid));
    assert.equal(await up.order(gateway_url), 'confirmed');
  });

  it('outlives the death of all its processes at once, again and again while they start', async () => {
    const ends = performance.now() + stormMs;
    while (performance.now() < ends) {
      killAll(await note());
      await pause(50);
      assert.ok(up.isRunning(), up.output());
    }
    const areReady = async (): Promise<boolean> =>
      (await Promise.all((await note()).processes.map(({ url }) => answers(url)))).every(Boolean);
    await up.until(async () => (await areReady()) || undefined, 'all to be ready');
    assert.equal(await up.order((await note()).gateway_url), 'confirmed');
  });

  it('leaves no service behind when it is killed itself, and starts again on what is left', async () => {
    const { processes } = await note();
    up.signal('SIGKILL');
    await up.ended();
    const ends = performance.now() + servicesEndWithinMs;
    while (!processes.every(({ pid }) => isGone(pid))) {
      assert.ok(
        performance.now() < ends,
        `services are still there: ${processes
          .filter(({ pid }) => !isGone(pid))
          .map(({ name, pid }) => `${name} ${pid}`)
          .join(', ')}`,
      );
      await pause(50);
    }
    up.launch('--replicas', 'orders=2');
    await up.isUp();
    assert.equal(await up.order((await note()).gateway_url), 'confirmed');
  });

  it('stops silently and without a trace by Ctrl-C, which reaches the whole group', async () => {
    const { processes } = await note();
    const before = up.output().length;
    up.signalGroup('SIGINT');
    assert.equal(await up.ended(), 0, up.output());
    assert.ok(processes.every(({ pid }) => isGone(pid)));
    const said = up.output().slice(before);
    assert.doesNotMatch(said, /"level":"(warn|error)"|died|starting it again/, said);
    await assert.rejects(note(), { code: 'ENOENT' });
  });
});
