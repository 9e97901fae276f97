import { AssertionFailed, probePause } from '@souk/kernel';

const probeMs = 10;
/** Only a failure waits so long; a machine with three test files at work is slow for seconds at a time. */
const limitDefaultMs = 60_000;

/** Waits until the probe says nothing is missing; fails with what it missed last. */
export async function until(missing: () => Promise<string | undefined> | string | undefined, limit_ms = limitDefaultMs): Promise<void> {
  const since_ms = performance.now();
  for (;;) {
    const found = await missing();
    if (found === undefined) return;
    if (performance.now() > since_ms + limit_ms) throw new AssertionFailed(`after ${limit_ms} ms still: ${found}`);
    await probePause(since_ms, probeMs);
  }
}
