import { AssertionFailed, pause } from '@souk/kernel';

const probeMs = 10;

/** Waits until the probe says nothing is missing; fails with what it missed last. */
export async function until(missing: () => Promise<string | undefined> | string | undefined, limit_ms = 10_000): Promise<void> {
  const end = performance.now() + limit_ms;
  for (;;) {
    const found = await missing();
    if (found === undefined) return;
    if (performance.now() > end) throw new AssertionFailed(`after ${limit_ms} ms still: ${found}`);
    await pause(probeMs);
  }
}
