import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { claimPortBlock, findFreePorts, isPortFree } from './ports.ts';

function listen(port: number): Promise<{ close(): Promise<void> }> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve({ close: () => new Promise((closed) => server.close(() => closed())) }));
  });
}

describe('free ports', () => {
  it('are different, below the ports of outgoing connections, and pass by what is taken or excepted', async () => {
    const [taken = 0, excepted = 0] = await findFreePorts(2);
    const holder = await listen(taken);
    try {
      assert.equal(await isPortFree(taken), false);
      // The search begins exactly at the taken port.
      const random = (): number => (taken - 22_000) / 10_000;
      const found = await findFreePorts(3, [excepted], random);
      assert.equal(new Set(found).size, 3);
      for (const port of found) assert.ok(port >= 22_000 && port < 32_000 && port !== taken && port !== excepted, `${port}`);
    } finally {
      await holder.close();
    }
  });

  it('in a row belong to whoever claimed them, and the next one gets others', async () => {
    const always = (): number => 0.5;
    const [one, two] = [await claimPortBlock(7, always), await claimPortBlock(7, always)];
    assert.ok(Math.abs(one - two) >= 8, `${one} and ${two}`);
    for (let offset = 0; offset < 7; offset += 1) assert.equal(await isPortFree(one + offset), true);
  });
});
