/** What is set in an environment and has no effect, although it was surely meant to have one. */
import { slipsBetween } from '@souk/kernel';
import type { Environment } from './file-variables.ts';

const prefix = 'SOUK_';
const lengthMax = 60;
const lengthOfOneSlip = 4;
const lengthOfTwoSlips = 8;

/** What systems and shells set themselves: never a slip, however close to a name of ours. */
const ofTheSystem: ReadonlySet<string> = new Set(['HOME', 'HOSTNAME', 'LANG', 'LOGNAME', 'PATH', 'PWD', 'SHELL', 'TERM', 'USER']);

/**
 * One line for each variable that is close to a `known` one without being known (two slips at most, one or none in short names, or the
 * same words in another order). Variables of other programs are left alone. Who does not
 * know the variables of all services allows one slip: SMTP_URL is two from AMQP_URL.
 */
export function environmentNotices(env: Environment, known: Iterable<string>, slips_max = 2): string[] {
  const names = [...new Set(known)];
  const accepted = new Set(names.flatMap((name) => [name, `${name}_FILE`]));
  const given = Object.keys(env).filter(
    (variable) => env[variable] && !accepted.has(variable) && !ofTheSystem.has(variable) && variable.length <= lengthMax,
  );
  return given.sort().flatMap((variable) => {
    const meant = meantBy(variable, names, slips_max);
    return meant === undefined ? [] : [`${variable} is not a variable of Souk and has no effect; did you mean ${meant}?`];
  });
}

function meantBy(variable: string, names: readonly string[], slips_max: number): string | undefined {
  const upper = variable.toUpperCase();
  const bare = upper.startsWith(prefix) ? upper.slice(prefix.length) : upper;
  const spelt = (name: string): boolean =>
    name === upper || name === bare || `${prefix}${upper}` === name || wordsOf(name) === wordsOf(upper);
  return names.find(spelt) ?? nearest(upper, [...names, ...names.map((name) => `${name}_FILE`)], slips_max);
}

function nearest(variable: string, names: readonly string[], slips_max: number): string | undefined {
  const ranked = names
    .filter((name) => Math.abs(name.length - variable.length) <= 2)
    .map((name) => ({ name, slips: slipsBetween(variable, name) }))
    .filter(({ name, slips }) => slips <= Math.min(slips_max, slipsForgiven(Math.min(name.length, variable.length))))
    .sort((left, right) => left.slips - right.slips);
  return ranked[0]?.name;
}

function slipsForgiven(length: number): number {
  if (length >= lengthOfTwoSlips) return 2;
  return length > lengthOfOneSlip ? 1 : 0;
}

function wordsOf(name: string): string {
  return name.split('_').sort().join('_');
}
