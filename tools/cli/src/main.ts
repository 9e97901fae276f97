/** The `souk` command: finds the subcommand, runs it, and turns its outcome into an exit code. */
import { commands, helpText } from './commands.ts';
import { sentenceOf } from './sentence-of.ts';

const usageExit = 64;

async function run(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const wantsHelp = name === undefined || name === 'help' || name === '--help' || name === '-h';
  const wanted = wantsHelp ? rest[0] : name;
  const command = commands.find((candidate) => candidate.name === wanted);
  if (wanted !== undefined && !command) {
    process.stderr.write(`souk: there is no command ${JSON.stringify(wanted)}.\n\n${helpText()}`);
    return usageExit;
  }
  if (wantsHelp || !command) {
    process.stdout.write(helpText(wanted));
    return 0;
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
  process.stderr.write(`souk: ${sentenceOf(error)}\n`);
  process.exitCode = 1;
}
