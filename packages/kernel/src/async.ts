/** Waits `delay_ms`, or less when the signal ends the wait. Never throws. */
export function pause(delay_ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delay_ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter", 2015): attempt 0 is the first. */
export function backoffMs(attempt: number, first_ms: number, most_ms: number, random: () => number = Math.random): number {
  const ceiling_ms = Math.min(most_ms, first_ms * 2 ** Math.min(attempt, 30));
  return Math.ceil(ceiling_ms / 2 + (random() * ceiling_ms) / 2);
}

/** Maps with at most `concurrency` calls under way; results keep the order of the inputs. */
export async function mapBounded<I, O>(
  inputs: readonly I[],
  concurrency: number,
  work: (input: I, index: number) => Promise<O>,
): Promise<O[]> {
  const outputs = new Array<O>(inputs.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < inputs.length) {
      const index = next++;
      outputs[index] = await work(inputs[index] as I, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, inputs.length) }, lane));
  return outputs;
}
