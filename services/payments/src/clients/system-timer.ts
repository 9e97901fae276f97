import type { Timer } from '../domain/required-interfaces.ts';

/** Delays of the real clock; a pending one does not keep the process alive. */
export const systemTimer: Timer = {
  after(delay_ms, work) {
    const timeout = setTimeout(work, delay_ms).unref();
    return () => clearTimeout(timeout);
  },
};
