/** The limit of a wait for Redis. The client's own time limit ends when a command is written, which is when a hanging server begins to matter. */

/** Redis took longer than allowed; whether the command was carried out is not known. */
export class NoReply extends Error {
  override readonly name = 'NoReply';
}

/** A timer that fires this much too late says that this process was busy, not that Redis was slow. */
const latenessMsMax = 5;

/**
 * Waits for `work` at most `limit_ms`. When this process itself was held up, the wait begins once more; and replies
 * that have arrived but were not read yet are read before the wait ends.
 */
export function repliedWithin<T>(work: Promise<T>, limit_ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout;
    const arm = (again: boolean): void => {
      const due_ms = performance.now() + limit_ms;
      timer = setTimeout(() => {
        if (again && performance.now() - due_ms > latenessMsMax) arm(false);
        else setImmediate(() => reject(new NoReply(`no reply within ${limit_ms} ms`)));
      }, limit_ms);
    };
    arm(true);
    work.then(
      (reply) => {
        clearTimeout(timer);
        resolve(reply);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error('Redis failed', { cause: error }));
      },
    );
  });
}
