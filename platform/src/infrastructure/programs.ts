/** Programs of the machine, and what installs those that are missing. */
import { refusal } from '@souk/contracts';
import { findProgram } from '@souk/local-servers';

export interface WantedProgram {
  program: string;
  /** Names of the package that brings it. */
  debian: string;
  macos: string;
  /** The variable that names a server instead. */
  instead: string;
}

export const rabbitProgram: WantedProgram = {
  program: 'rabbitmq-server',
  debian: 'rabbitmq-server',
  macos: 'rabbitmq',
  instead: 'AMQP_URL',
};
export const redisProgram: WantedProgram = { program: 'redis-server', debian: 'redis-server', macos: 'redis', instead: 'REDIS_URL' };

/** Where each of them is, in the same order. Refuses, naming everything that is missing and the command that installs it. */
export async function needPrograms(
  wanted: readonly WantedProgram[],
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string[]> {
  const found = await Promise.all(wanted.map(({ program }) => findProgram(program, path)));
  const missing = wanted.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return found.map((place) => place ?? '');
  const names = missing.map(({ program }) => program).join(' and ');
  const command =
    platform === 'darwin'
      ? `brew install ${missing.map(({ macos }) => macos).join(' ')}`
      : `sudo apt-get install ${missing.map(({ debian }) => debian).join(' ')}`;
  const variables = missing.map(({ instead }) => instead).join(' and ');
  throw refusal(
    'config_invalid',
    `${names} cannot be found. Install with: ${command}\n      Or name servers that run already: set ${variables}. Or use npm start, which needs neither.`,
  );
}
