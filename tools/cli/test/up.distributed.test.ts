import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { serviceNames } from '@souk/contracts';
import { anUpHome, isGone } from './_up-process.ts';

const { up, note, end } = await anUpHome();
after(end);

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );

it('brings up replicas on local servers, sells, restarts what is killed, and stops without a trace', async () => {
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

  const { processes } = await note();
  up.signal('SIGINT');
  assert.equal(await up.ended(), 0, up.output());
  assert.ok(processes.every(({ pid }) => isGone(pid)));
  await assert.rejects(note(), { code: 'ENOENT' });
});
