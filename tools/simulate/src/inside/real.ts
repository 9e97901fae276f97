/** What this process had before its time and chance were replaced: for the simulation itself and for the driver of PostgreSQL. */

export const real = {
  setTimeout: globalThis.setTimeout,
  setInterval: globalThis.setInterval,
  setImmediate: globalThis.setImmediate,
  clearTimeout: globalThis.clearTimeout,
  clearInterval: globalThis.clearInterval,
  clearImmediate: globalThis.clearImmediate,
  date: globalThis.Date,
  performanceNow: performance.now.bind(performance),
  random: Math.random,
};

/** Everything that can run without a timer or an answer has run: microtasks, and what Node calls before it looks for input. */
export function untilQuiet(): Promise<void> {
  return new Promise((resolve) => real.setImmediate(resolve));
}

/** For the simulation's own waits; what is simulated never sees it. */
export function realPause(delay_ms: number): Promise<void> {
  return new Promise((resolve) => real.setTimeout(resolve, delay_ms));
}
