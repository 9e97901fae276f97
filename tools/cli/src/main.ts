/** The `souk` command: finds the subcommand, runs it, and turns its outcome into an exit code. */
import { AppError } from '@souk/kernel';
import { CommanderError } from 'commander';
import type { Command, Given } from './command.ts';
import { readCommandLine } from './command-line.ts';
import { adoptEnvironment, completeEnvironment, printNotices } from './complete-environment.ts';
import { sentenceOf } from './sentence-of.ts';
import { soukVersion } from './souk-version.ts';

/** Of every wrong command line, whichever command it is (EX_USAGE of sysexits.h). */
const usageExit = 64;

async function run(command: Command, given: Given): Promise<void> {
  try {
    if (!command.own_servers) await prepareEnvironment(command.name);
    process.exitCode = await command.run(given);
  } catch (error) {
    process.stderr.write(`souk: ${sentenceOf(error)}\n`);
    const isUsage = error instanceof AppError && error.code === 'validation_failed';
    process.exitCode = isUsage ? usageExit : (command.failure_exit ?? 1);
  }
}

/** Commands that start something also report variables that have no effect. */
async function prepareEnvironment(name: string): Promise<void> {
  adoptEnvironment(await completeEnvironment(process.env));
  if (name === 'start' || name === 'up') await printNotices(process.env, (line) => process.stderr.write(`souk: ${line}\n`));
}

try {
  await readCommandLine(process.argv.slice(2), { version: await soukVersion(), run });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what is wrong, or printed the help that was asked for.
  process.exitCode = error.exitCode === 0 ? 0 : usageExit;
}
