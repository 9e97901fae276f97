import { pause } from '@souk/kernel';
import type { Platform } from './platform.ts';

const backLimitMs = 60_000;
const pollMs = 50;

/** Waits until the process is another one, ready, and known to all gateways. */
export async function backAgain(platform: Platform, name: string, killed: number | null): Promise<void> {
  const end = performance.now() + backLimitMs;
  for (;;) {
    const now = (await platform.processes()).find((each) => each.name === name);
    if (now && now.pid !== null && now.pid !== killed && (await answers(`${now.url}/health/ready`))) break;
    if (performance.now() > end) throw new Error(`${name} did not come back`);
    await pause(pollMs);
  }
  await healthy(platform);
}

/** Waits until every gateway says that all is well. */
export async function healthy({ gateways }: Platform): Promise<void> {
  const end = performance.now() + backLimitMs;
  for (const gateway of gateways) {
    for (let said = ''; ; await pause(pollMs)) {
      const answer = await fetch(`${gateway}/health`).catch(() => undefined);
      said = answer ? await answer.text() : 'no answer';
      if (said.startsWith('{"status":"healthy"')) break;
      if (performance.now() > end) throw new Error(`${gateway} is not well: ${said}`);
    }
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );
}
