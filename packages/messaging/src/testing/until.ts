import { AssertionFailed, pause } from '@souk/kernel';

const probeMs = 10;
/** Only a failure waits so long; a machine with three test files at work is slow for seconds at a time. */
const limitDefaultMs = 30_000;

/** Waits until the probe says nothing is missing; fails with what it missed last. */
export async function until(missing: () => Promise<string | undefined> | string | undefined, limit_ms = limitDefaultMs): Promise<void> {
  const end = performance.now() + limit_ms;
  for (;;) {
    const found = await missing();
    if (found === undefined) return;
    if (performance.now() > end) throw new AssertionFailed(`after ${limit_ms} ms still: ${found}`);
    await pause(probeMs);
  }
}
