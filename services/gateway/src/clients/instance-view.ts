/** Which instances there are and how they are: the registry, fixed lists and DNS in one table, checked and resolved. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createHealthProber,
  createInstanceTable,
  createResolver,
  type DnsNames,
  type HealthProber,
  type InstanceTable,
  keepLastView,
  loadLastView,
  memoryRegistry,
  parseStaticServices,
  type Registry,
  type Resolver,
  staticInstances,
  watchDnsNames,
} from '@souk/discovery';
import type { Clock, Log } from '@souk/kernel';

export interface InstanceView {
  readonly registry: Registry;
  /** Whether other gateways see the same registry. */
  readonly shared: boolean;
  readonly table: InstanceTable;
  readonly resolver: Resolver;
  /** Knows what the last run knew, then begins to check and to keep. */
  start(): Promise<void>;
  /** Checks all instances now. */
  probe(): Promise<void>;
  started(): boolean;
  close(): Promise<void>;
}

export interface InstanceViewOptions {
  state_folder: string;
  static_services: string;
  lease_ms: number;
  health_interval_ms: number;
  identity_key: Buffer;
  static_services_proof: 'required' | 'none';
  clock: Clock;
  log: Log;
  registry?: Registry;
}

const healthPath = '/health/ready';
const viewFile = 'registry.json';

/** Throws `static_services_invalid`. */
export function createInstanceView(options: InstanceViewOptions): InstanceView {
  const { clock, log, lease_ms, health_interval_ms, state_folder } = options;
  const fixed = parseStaticServices(options.static_services);
  const registry = options.registry ?? memoryRegistry({ clock, lease_ms });
  const table = createInstanceTable();
  const resolver = createResolver({ table, clock });
  let prober: HealthProber | undefined;
  let dns: DnsNames | undefined;
  let endKeeping: (() => Promise<void>) | undefined;
  table.feed('static', staticInstances(fixed, healthPath));

  return {
    registry,
    shared: options.registry !== undefined,
    table,
    resolver,
    async start() {
      await mkdir(state_folder, { recursive: true, mode: 0o700 });
      const file = join(state_folder, viewFile);
      // A shared registry that answers knows better than a file of the last run.
      const remembered = options.registry !== undefined && !(await registry.snapshot()).frozen ? [] : await loadLastView(file, log);
      for (const { name, instance_id, host, port, health_check_path, metadata } of remembered) {
        await registry.register({ name, instance_id, host, port, health_check_path, metadata });
      }
      registry.watch(({ instances }) => table.feed('registry', instances));
      endKeeping = keepLastView({ registry, file, log });
      dns = watchDnsNames({ services: fixed, table, health_check_path: healthPath, log });
      const unproven_sources = options.static_services_proof === 'none' ? ['static', 'dns'] : [];
      prober = createHealthProber({
        table,
        clock,
        log,
        interval_ms: health_interval_ms,
        identity_key: options.identity_key,
        unproven_sources,
      });
      await prober.probeAll();
    },
    probe: async () => prober?.probeAll(),
    started: () => prober !== undefined,
    async close() {
      dns?.close();
      await prober?.close();
      await endKeeping?.();
      await registry.close();
    },
  };
}
