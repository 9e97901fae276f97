/** The environment of the command, read once and checked. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refusal } from '@souk/contracts';

export interface CliConfig {
  /** Folder for everything the embedded world keeps. */
  home: string;
  port_base: number;
  sample: boolean;
  log_level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** The rest, handed to the services, which check what is theirs. */
  env: Readonly<Record<string, string | undefined>>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const portBaseMax = 65_000;
const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): CliConfig {
  const problems: string[] = [];
  const port_base = Number(env['PORT_BASE'] || 8_000);
  if (!Number.isInteger(port_base) || port_base < 1 || port_base > portBaseMax) {
    problems.push(`PORT_BASE is ${JSON.stringify(env['PORT_BASE'])}; it must be a whole number from 1 to ${portBaseMax}`);
  }
  const sample = env['SOUK_SAMPLE'] || '1';
  if (!['0', '1', 'false', 'true'].includes(sample)) problems.push(`SOUK_SAMPLE is ${JSON.stringify(sample)}; it must be 0 or 1`);
  const log_level = (env['LOG_LEVEL'] || 'warn') as CliConfig['log_level'];
  if (!levels.includes(log_level)) problems.push(`LOG_LEVEL is ${JSON.stringify(log_level)}; it must be one of ${levels.join(', ')}`);
  if (problems.length > 0) throw refusal('config_invalid', problems.join('\n      '));
  return { home: resolve(env['SOUK_HOME'] || `${root}.souk`), port_base, sample: ['1', 'true'].includes(sample), log_level, env };
}
