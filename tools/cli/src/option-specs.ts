/** The options of commands, with what their values may be: wrong ones are refused before anything begins. */
import { InvalidArgumentError, Option } from 'commander';

/** Makes the option anew, because commander keeps state in it. */
export type OptionSpec = () => Option;

export const flag =
  (flags: string, description: string): OptionSpec =>
  () =>
    new Option(flags, description);

export const text =
  (flags: string, description: string, value?: string): OptionSpec =>
  () =>
    new Option(flags, description).default(value, value === '' ? 'none' : undefined);

export const choice =
  (flags: string, description: string, choices: readonly string[], value?: string): OptionSpec =>
  () =>
    new Option(flags, description).choices(choices).default(value);

/** May be given several times. */
export const several =
  (flags: string, description: string): OptionSpec =>
  () =>
    new Option(flags, `${description}; may be given several times`).argParser((given: string, before: readonly string[] = []) => {
      if (given === '') throw new InvalidArgumentError('It must not be empty.');
      return [...before, given];
    });

export const wholeNumber = (flags: string, description: string, least: number, most: number, value?: number): OptionSpec =>
  numeric(flags, description, /^\d+$/, 'a whole number', least, most, value);

export const numberBetween = (flags: string, description: string, least: number, most: number, value?: number): OptionSpec =>
  numeric(flags, description, /^\d+(\.\d+)?$/, 'a number', least, most, value);

function numeric(
  flags: string,
  description: string,
  form: RegExp,
  what: string,
  least: number,
  most: number,
  value: number | undefined,
): OptionSpec {
  const parse = (given: string): number => {
    const number = Number(given);
    if (!form.test(given) || number < least || number > most)
      throw new InvalidArgumentError(`It must be ${what} from ${least} to ${most}.`);
    return number;
  };
  return () => new Option(flags, `${description}; ${least} to ${most}`).argParser(parse).default(value);
}
