/** Keeps the instances behind DNS names up to date; a failed lookup keeps the last answer. */
import { lookup } from 'node:dns/promises';
import type { Log } from '@souk/kernel';
import type { InstanceTable } from './instance-table.ts';
import { endlessInstance, type StaticService } from './static-services.ts';

export interface DnsNamesOptions {
  services: readonly StaticService[];
  table: InstanceTable;
  health_check_path: string;
  /** Between two lookups; default 10 s. */
  ttl_ms?: number;
  log: Log;
  /** All addresses of a host; the system's resolver by default. */
  resolve?: (host: string) => Promise<string[]>;
}

export interface DnsNames {
  /** Looks all names up now. Never fails. */
  refresh(): Promise<void>;
  close(): void;
}

/** Looks up the services of scheme `dns` now and every `ttl_ms`, and feeds their addresses into the table until it is closed. */
export function watchDnsNames(options: DnsNamesOptions): DnsNames {
  const { table, log, health_check_path, resolve = addressesOf } = options;
  const services = options.services.filter(({ scheme }) => scheme === 'dns');
  const refreshOne = async ({ name, host, port }: StaticService): Promise<void> => {
    try {
      const addresses = [...new Set(await resolve(host))].sort();
      const instances = addresses.map((address) => endlessInstance({ name, host: address, port, health_check_path, source: 'dns' }));
      table.feed(`dns ${name} ${host}:${port}`, instances);
    } catch (error) {
      log.warn({ err: error, service: name, host }, 'a service name could not be looked up; the last answer stays');
    }
  };
  const refresh = async (): Promise<void> => void (await Promise.all(services.map(refreshOne)));
  void refresh();
  const timer = setInterval(() => void refresh(), options.ttl_ms ?? 10_000).unref();
  return { refresh, close: () => clearInterval(timer) };
}

async function addressesOf(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
