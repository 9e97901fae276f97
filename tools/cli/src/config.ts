/** The environment of the command, read once and checked. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { portOffsets, refusal, serviceNames } from '@souk/contracts';
import { isBlockedPort } from '@souk/kernel/ports';

export interface CliConfig {
  /** Folder for everything the embedded world keeps. */
  home: string;
  port_base: number;
  sample: boolean;
  /** Whether drills may be started in the console. */
  drills: boolean;
  log_level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** `auto`: pretty on a terminal, JSON lines otherwise. */
  log_format: 'auto' | 'json' | 'pretty';
  /** The rest, handed to the services, which check what is theirs. */
  env: Readonly<Record<string, string | undefined>>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const portBaseMax = 65_000;
const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
const switches = ['0', '1', 'false', 'true'];
const formats = ['auto', 'json', 'pretty'] as const;

/** Throws `config_invalid` with everything that is wrong, also by the `others` who read this environment after us. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  others: (env: CliConfig['env']) => string[] = () => [],
): CliConfig {
  const problems: string[] = [];
  const port_text = env['PORT_BASE'] || '8000';
  const port_base = Number(port_text);
  if (!/^\d+$/.test(port_text) || port_base < 1 || port_base > portBaseMax) {
    problems.push(`PORT_BASE is ${JSON.stringify(port_text)}; it must be a whole number from 1 to ${portBaseMax}`);
  }
  for (const name of serviceNames.filter((each) => isBlockedPort(port_base + portOffsets[each])))
    problems.push(`PORT_BASE ${port_base} puts ${name} at port ${port_base + portOffsets[name]}, to which browsers refuse to connect`);
  const sample = env['SOUK_SAMPLE'] || '1';
  if (!switches.includes(sample)) problems.push(`SOUK_SAMPLE is ${JSON.stringify(sample)}; it must be 0 or 1`);
  const drills = env['SOUK_DRILLS'] || (isForCustomers(env) ? '0' : '1');
  if (!switches.includes(drills)) problems.push(`SOUK_DRILLS is ${JSON.stringify(drills)}; it must be 0 or 1`);
  const log_level = (env['LOG_LEVEL'] || 'warn') as CliConfig['log_level'];
  if (!levels.includes(log_level)) problems.push(`LOG_LEVEL is ${JSON.stringify(log_level)}; it must be one of ${levels.join(', ')}`);
  const log_format = (env['LOG_FORMAT'] || 'auto') as CliConfig['log_format'];
  if (!formats.includes(log_format)) problems.push(`LOG_FORMAT is ${JSON.stringify(log_format)}; it must be one of ${formats.join(', ')}`);
  // Problems of Souk's own variables are worded by Souk.
  problems.push(...others({ ...env, LOG_LEVEL: undefined, LOG_FORMAT: undefined }));
  if (problems.length > 0) throw refusal('config_invalid', problems.join('\n      '));
  const home = resolve(env['SOUK_HOME'] || `${root}.souk`);
  return { home, port_base, sample: isOn(sample), drills: isOn(drills), log_level, log_format, env };
}

const isOn = (value: string): boolean => ['1', 'true'].includes(value);

/** A shop with an address of its own, behind a proxy or said to be in production is no place to break things in unless that is wanted. */
function isForCustomers(env: CliConfig['env']): boolean {
  return env['NODE_ENV'] === 'production' || Boolean(env['SHOP_URL']) || Boolean(env['TRUSTED_PROXIES']);
}
