/** The `souk` command: finds the subcommand, runs it, and turns its outcome into an exit code. */
import { AppError } from '@souk/kernel';
import { commands, helpText } from './commands.ts';

const usageExit = 64;

async function run(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(helpText(rest[0]));
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    process.stderr.write(`souk: there is no command ${JSON.stringify(name)}.\n\n${helpText()}`);
    return usageExit;
  }
  if (command.own_help !== true && (rest.includes('--help') || rest.includes('-h'))) {
    process.stdout.write(helpText(name));
    return 0;
  }
  return command.run(rest);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  // What Souk refuses is a sentence for people; anything else is a bug and shows where it happened.
  if (error instanceof AppError) process.stderr.write(`souk: ${error.message}\n`);
  else if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    process.stderr.write(`souk: ${error.message}\n`);
  else process.stderr.write(`souk: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
