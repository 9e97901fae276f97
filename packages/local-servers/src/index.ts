/** Processes of this machine that we start: how one is kept alive, and what the servers' own entries build on. */
export { findProgram } from './find-program.ts';
export { ManagedProcess } from './managed-process.ts';
export { freePort } from './ports.ts';
export { isAlive } from './processes.ts';
export { httpReady } from './readiness.ts';
export { createTail, wholeLines } from './whole-lines.ts';
