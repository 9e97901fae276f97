/** Event loop, memory and garbage collection: once for a process, however many services it hosts. */
import { hostname } from 'node:os';
import { Counter, collectDefaultMetrics, Registry } from '@prometheus-io/client';

/**
 * How often the event loop is looked at. Each look wakes the process: with the client's default of 10 ms a process that does
 * nothing takes half a per cent of a core. Its own metrics of the utilization, quantiles over moving windows, cost as much
 * again; they are left out, and a counter says the same.
 */
const sampling = { eventLoopMonitoringPrecision: 50, eventLoopUtilizationTimeout: 2 ** 31 - 1 };
const costly = ['nodejs_eventloop_utilization_summary', 'nodejs_eventloop_utilization_histogram'];
const msPerSecond = 1_000;

let registry: Registry | undefined;

/** The label `process` names the process, so that what several services show of it can be counted once. */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    registry.setDefaultLabels({ process: `${hostname()}:${process.pid}` });
    collectDefaultMetrics({ register: registry, ...sampling });
    for (const name of costly) registry.removeSingleMetric(name);
    new Counter({
      name: 'nodejs_eventloop_active_seconds_total',
      help: 'Time in which the event loop had work.',
      registers: [registry],
      collect() {
        this.reset();
        this.inc(performance.eventLoopUtilization().active / msPerSecond);
      },
    });
  }
  return registry;
}
