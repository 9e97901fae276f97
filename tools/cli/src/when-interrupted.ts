/** Aborted by the first Ctrl-C or end of the terminal, so that a command can clean up behind itself; a second one ends it at once. */
export function whenInterrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => stop.abort(new Error(`It was interrupted (${signal}).`)));
  return stop.signal;
}
