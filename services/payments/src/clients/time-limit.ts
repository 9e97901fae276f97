import { refusal } from '@souk/contracts';
import type { Timer } from '../domain/ports.ts';

/** The answer, or `upstream_timeout` when it has not come in time; a later answer is dropped. */
export function withinLimit<T>(answer: Promise<T>, limit_ms: number, timer: Timer): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timer.after(limit_ms, () => reject(refusal('upstream_timeout', 'The payment provider did not answer in time.')));
    answer.then(resolve, reject).finally(cancel);
  });
}
