/** The command line: commander reads it, makes the help out of the list of commands, and suggests what was meant. */
import { Command as Program } from 'commander';
import type { Command, Given } from './command.ts';
import { commands } from './commands.ts';

export interface CommandLine {
  version: string;
  /** Where texts go; default the standard output and the standard error. */
  output?: { writeOut(text: string): void; writeErr(text: string): void };
  run(command: Command, given: Given): Promise<void>;
}

/** Throws commander's CommanderError for wrong usage, and (exit code 0) when help or the version was asked for. */
export async function readCommandLine(argv: readonly string[], { version, output, run }: CommandLine): Promise<void> {
  const program = new Program('npm run souk --').description('souk: an event-driven shop whose books always balance').exitOverride();
  program.version(version, '-V, --version', 'the version of Souk').helpOption('-h, --help', 'this text');
  program.configureOutput({ ...output, outputError: (message, write) => write(message.replace(/^error: /, 'souk: ')) });
  program.showHelpAfterError('See: npm run souk -- help').helpCommand('help [command]', 'what a command does and takes');
  program.configureHelp({ subcommandTerm: (command) => command.name() });
  for (const command of commands) addCommand(program, command, argv, run);
  await program.parseAsync(meantWords(argv), { from: 'user' });
}

/** `help COMMAND` is `COMMAND --help`, and of an unknown command nothing but its name counts: it is refused, whatever follows. */
function meantWords([first, second, ...rest]: readonly string[]): string[] {
  if (first === undefined) return ['--help'];
  if (first === 'help') return second === undefined ? ['--help'] : [...meantWords([second]), '--help'].slice(0, isCommand(second) ? 2 : 1);
  const words = second === undefined ? [first] : [first, second, ...rest];
  return first.startsWith('-') || isCommand(first) ? words : [first];
}

function isCommand(word: string): boolean {
  return commands.some(({ name }) => name === word);
}

function addCommand(program: Program, command: Command, argv: readonly string[], run: CommandLine['run']): void {
  const part = program.command(command.name).description(command.summary).helpOption('-h, --help', 'this text');
  part.showHelpAfterError(`See: npm run souk -- help ${command.name}`);
  for (const word of command.words ?? []) part.argument(word);
  for (const option of command.options ?? []) part.addOption(option());
  if (command.passes_on) part.allowUnknownOption();
  if (command.details) part.addHelpText('after', `\n${command.details}`);
  part.action(async () => {
    const words = part.processedArgs.flat().filter((word) => word !== undefined) as string[];
    await run(command, { words, options: part.opts(), raw: argv.slice(1) });
  });
}
