/** `souk up` in the foreground of a terminal: its processes are killed all at once, again and again, and Ctrl-C reaches the whole group. */
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { pause } from '@souk/kernel';
import { anUpHome, isGone, type Note } from './_up-process.ts';

const stormMs = 8_000;
const { up, note, end } = await anUpHome();
after(end);

/** SIGKILL to every process that runs now, within moments. */
function killAll({ processes }: Note): void {
  for (const { pid } of processes.filter(({ pid }) => pid !== null && !isGone(pid))) process.kill(pid, 'SIGKILL');
}

it('outlives the death of all its processes at once, again and again while they start, and stops silently by Ctrl-C', async () => {
  up.launch('--replicas', 'orders=2');
  await up.isUp();
  const ends = performance.now() + stormMs;
  while (performance.now() < ends) {
    killAll(await note());
    await pause(50);
    assert.ok(up.isRunning(), up.output());
  }
  const ready = ({ url }: { url: string }): Promise<boolean> =>
    fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
  await up.until(async () => (await Promise.all((await note()).processes.map(ready))).every(Boolean) || undefined, 'all to be ready');
  assert.equal(await up.order((await note()).gateway_url), 'confirmed');

  const { processes } = await note();
  const before = up.output().length;
  up.signalGroup('SIGINT');
  assert.equal(await up.ended(), 0, up.output());
  assert.ok(processes.every(({ pid }) => isGone(pid)));
  const said = up.output().slice(before);
  assert.doesNotMatch(said, /"level":"(warn|error)"|died|starting it again/, said);
});
