/** What is known of one running instance of a service, and what is refused as a registration. */
import { isIP } from 'node:net';
import { AppError } from '@souk/kernel';

/** What an instance says of itself. */
export interface Registration {
  name: string;
  instance_id: string;
  host: string;
  port: number;
  health_check_path: string;
  metadata: Readonly<Record<string, string>>;
}

/** A registration with its lease; times are epoch milliseconds. */
export interface LeasedInstance extends Registration {
  registered_at: number;
  lease_until: number;
}

/** A leased instance with what this process found when it last checked it. */
export interface Instance extends LeasedInstance {
  healthy: boolean;
  /** Whether its last check proved that it is the instance that was registered; nothing is sent to it before. */
  proven: boolean;
  /** Undefined until the first check has ended. */
  last_checked_at: number | undefined;
  last_error: string | undefined;
}

/** Most entries in the metadata of an instance. */
const metadataEntriesMax = 20;
const namePattern = /^[a-z][a-z0-9-]{0,39}$/;
const instanceIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const hostPattern = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
const pathPattern = /^\/(?!\/)[\x21-\x7e]{0,199}$/;

/** The registration, checked; refuses with `registration_invalid` and names the member that is wrong. */
export function checkRegistration(registration: Registration): Registration {
  const { name, instance_id, host, port, health_check_path, metadata } = registration;
  if (!namePattern.test(name)) throw invalid('name', 'a name is of lower-case letters, digits and hyphens, at most 40');
  if (!instanceIdPattern.test(instance_id))
    throw invalid('instance_id', 'an instance id is of letters, digits, points and hyphens, at most 100');
  if (!isHost(host)) throw invalid('host', 'a host is a host name or an IP address');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid('port', 'a port is an integer from 1 to 65535');
  if (!pathPattern.test(health_check_path))
    throw invalid('health_check_path', 'a path begins with one slash and has at most 200 characters');
  const entries = Object.entries(metadata);
  if (entries.length > metadataEntriesMax) throw invalid('metadata', `at most ${metadataEntriesMax} entries`);
  if (entries.some(([key, value]) => typeof value !== 'string' || key.length > 64 || value.length > 256)) {
    throw invalid('metadata', 'names have at most 64 and texts at most 256 characters');
  }
  return { name, instance_id, host, port, health_check_path, metadata: { ...metadata } };
}

export function isHost(host: string): boolean {
  return typeof host === 'string' && (isIP(host) !== 0 || hostPattern.test(host));
}

/** `host:port`, IPv6 addresses in brackets. */
export function authorityOf(instance: { host: string; port: number }): string {
  return `${isIP(instance.host) === 6 ? `[${instance.host}]` : instance.host}:${instance.port}`;
}

/** `http://host:port`, IPv6 addresses in brackets. */
export function originOf(instance: { host: string; port: number }): string {
  return `http://${authorityOf(instance)}`;
}

/** One text for one instance; names have no slash. */
export function instanceKey(instance: { name: string; instance_id: string }): string {
  return `${instance.name}/${instance.instance_id}`;
}

function invalid(member: string, why: string): AppError {
  return new AppError('registration_invalid', `The registration's ${member} is refused: ${why}.`, { member });
}
