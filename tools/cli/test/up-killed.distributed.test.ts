import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { pause } from '@souk/kernel';
import { anUpHome, isGone } from './_up-process.ts';

const servicesEndWithinMs = 60_000;
const { up, note, end } = await anUpHome();
after(end);

it('leaves no service behind when it is killed itself, and starts again on what is left', async () => {
  up.launch();
  await up.isUp();
  const { processes } = await note();
  up.signal('SIGKILL');
  await up.ended();
  const ends = performance.now() + servicesEndWithinMs;
  while (!processes.every(({ pid }) => isGone(pid))) {
    assert.ok(performance.now() < ends, 'services are still there');
    await pause(50);
  }
  up.launch();
  await up.isUp();
  assert.equal(await up.order((await note()).gateway_url), 'confirmed');
  up.signal('SIGTERM');
  assert.equal(await up.ended(), 0, up.output());
});
