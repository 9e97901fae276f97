/** Reads `STATIC_SERVICES`: `orders=http://h1:8003,http://h2:8003;users=dns://users:8001`. */
import { AppError } from '@souk/kernel';
import { isHost, type LeasedInstance } from './instance.ts';

export interface StaticService {
  name: string;
  /** `http`: this address; `dns`: every address the name has, looked up again and again. */
  scheme: 'http' | 'dns';
  host: string;
  port: number;
}

/** The addresses named by the text; refuses with `static_services_invalid`, naming the part that is wrong. */
export function parseStaticServices(text: string): StaticService[] {
  const seen = new Set<string>();
  return parts(text, ';').flatMap((entry) => {
    const at = entry.indexOf('=');
    const name = entry.slice(0, Math.max(at, 0)).trim();
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) throw invalid(entry, 'it does not begin with a service name and =');
    if (seen.has(name)) throw invalid(entry, `${name} is listed twice`);
    seen.add(name);
    const urls = parts(entry.slice(at + 1), ',');
    if (urls.length === 0) throw invalid(entry, `${name} has no address`);
    return urls.map((url) => addressOf(name, url));
  });
}

/** The fixed addresses as instances whose lease does not end. */
export function staticInstances(services: readonly StaticService[], health_check_path: string): LeasedInstance[] {
  return services
    .filter(({ scheme }) => scheme === 'http')
    .map(({ name, host, port }) => endlessInstance({ name, host, port, health_check_path, source: 'static' }));
}

/** An instance of a list or of DNS: its id is its address. */
export function endlessInstance(of: {
  name: string;
  host: string;
  port: number;
  health_check_path: string;
  source: string;
}): LeasedInstance {
  const { name, host, port, health_check_path, source } = of;
  const instance_id = `${source}-${host.replaceAll(':', '_')}-${port}`;
  return { name, instance_id, host, port, health_check_path, metadata: { source }, registered_at: 0, lease_until: Number.MAX_SAFE_INTEGER };
}

function addressOf(name: string, text: string): StaticService {
  const match = /^(http|dns):\/\/(\[[0-9A-Fa-f:.]+\]|[^/:?#@[\]]+):(\d{1,5})\/?$/.exec(text);
  if (!match) throw invalid(text, 'an address is http://host:port or dns://host:port');
  const [, scheme, written = '', digits] = match;
  const host = written.replace(/^\[|\]$/g, '');
  const port = Number(digits);
  if (!isHost(host)) throw invalid(text, `${host} is not a host`);
  if (port < 1 || port > 65_535) throw invalid(text, 'a port is from 1 to 65535');
  return { name, scheme: scheme === 'dns' ? 'dns' : 'http', host, port };
}

function parts(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function invalid(part: string, why: string): AppError {
  return new AppError('static_services_invalid', `STATIC_SERVICES: ${JSON.stringify(part.slice(0, 200))} cannot be used: ${why}.`, {
    part: part.slice(0, 200),
  });
}
