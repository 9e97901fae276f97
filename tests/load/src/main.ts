/** `npm run load -- TRIAL`: one trial of the distributed world under load, on servers and ports of its own. */
import { parseArgs } from 'node:util';
import type { TrialOptions, Verdict } from './trial.ts';
import { brokerOutageTrial } from './trials/broker-outage.ts';
import { hangsTrial } from './trials/hangs.ts';
import { killsTrial } from './trials/kills.ts';
import { poisonTrial } from './trials/poison.ts';
import { restartsTrial } from './trials/restarts.ts';

const trials: Readonly<Record<string, { run(options: TrialOptions): Promise<Verdict>; what: string }>> = {
  kills: { run: killsTrial, what: 'every process killed one after the other, RabbitMQ restarted, Redis killed' },
  'broker-outage': { run: brokerOutageTrial, what: 'RabbitMQ stopped for 30 s' },
  hangs: { run: hangsTrial, what: 'RabbitMQ and PostgreSQL hang for 30 s, are killed and restarted; the outboxes are empty 30 s later' },
  restarts: { run: restartsTrial, what: 'two gateways restarted ten times, a replica of products and of orders killed: no request fails' },
  poison: { run: poisonTrial, what: '20 poison messages among 2,000, dead-lettered and replayed' },
};
const usageExit = 64;
const bounds = { seconds: { least: 1, most: 600 }, rate: { least: 1, most: 200 } };

function usage(): string {
  const rows = Object.entries(trials).map(([name, { what }]) => `  ${name.padEnd(15)}${what}`);
  return [
    'npm run load -- TRIAL [--seconds 60] [--rate 30]',
    '',
    ...rows,
    '',
    'Starts the distributed world on 127.0.0.1, on a PostgreSQL, a RabbitMQ and a Redis of its own, and removes all of it again.',
    'Needs rabbitmq-server and redis-server in the PATH. Exit code: 0 everything held, 1 something did not.',
    '',
  ].join('\n');
}

function number(name: keyof typeof bounds, text: string): number {
  const value = Number(text);
  const { least, most } = bounds[name];
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`--${name} is ${JSON.stringify(text)}; it must be a whole number from ${least} to ${most}.`);
  return value;
}

function isWrongOption(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

async function main(): Promise<number> {
  const options = {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '30' },
    help: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const trial = trials[positionals[0] ?? ''];
  if (values.help || !trial || positionals.length > 1) {
    process.stdout.write(usage());
    return values.help ? 0 : usageExit;
  }
  const began = performance.now();
  const say = (line: string): void => {
    process.stdout.write(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${line}\n`);
  };
  const { faults } = await trial.run({ seconds: number('seconds', values.seconds), rate: number('rate', values.rate), say });
  process.stdout.write(
    `${faults.length === 0 ? '\nEverything held.' : `\nDid not hold:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`}\n`,
  );
  return faults.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`souk load: ${(error as Error).message}\n`);
  process.exitCode = error instanceof RangeError || isWrongOption(error) ? usageExit : 1;
}
