/** Event loop, memory and garbage collection: once for a process, however many services it hosts. */
import { hostname } from 'node:os';
import { collectDefaultMetrics, Registry } from '@prometheus-io/client';

let registry: Registry | undefined;

/** The label `process` names the process, so that what several services show of it can be counted once. */
export function processFigures(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    registry.setDefaultLabels({ process: `${hostname()}:${process.pid}` });
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
