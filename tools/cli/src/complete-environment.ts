/** The environment of a command: what it was started with, `.env`, and the files that `NAME_FILE` variables name. */
import { dataServices, refusal } from '@souk/contracts';
import { readEnvironmentFile } from './environment-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const databases = dataServices.map((name) => `${name.toUpperCase()}_DATABASE_URL`);
/** What the command itself reads; other secrets and addresses are read from their files by the services. */
const fileVariables = ['INTERNAL_TOKEN', 'AMQP_URL', 'REDIS_URL', 'BROKER_URL', ...databases];
const commandVariables = [
  ...databases,
  ...['SOUK_HOME', 'SOUK_SAMPLE', 'SOUK_DRILLS', 'SOUK_INSTALL', 'SOUK_ENV_FILE', 'SOUK_ENVIRONMENT_CHECKED', 'SOUK_PICTURES'],
];

/** Throws `config_invalid` where the file has a wrong line, or a `NAME_FILE` cannot be read. */
export async function completeEnvironment(env: Environment): Promise<Environment> {
  const given = { ...(await readEnvironmentFile(env)), ...env };
  if (!fileVariables.some((variable) => given[`${variable}_FILE`])) return given;
  // Loaded only where it is needed: most commands are done before all of it would be.
  const { readFileVariables } = await import('@souk/service-kit');
  const { env: complete, problems } = readFileVariables(given, fileVariables);
  if (problems.length > 0) throw refusal('config_invalid', problems.join('\n      '));
  return complete;
}

/** Makes `complete` the environment of this process, and with it of those it starts. */
export function adoptEnvironment(complete: Environment): void {
  for (const name of Object.keys(process.env)) if (complete[name] === undefined) delete process.env[name];
  Object.assign(process.env, complete);
}

/** Prints what looks misspelt or is not supported among the variables of all services; once, by the command that starts them. */
export async function printNotices(env: Environment, print: (line: string) => void): Promise<void> {
  const [{ configSchemas }, { environmentNotices, noticedVariable, variablesOf }, { composeVariables }] = await Promise.all([
    import('@souk/platform'),
    import('@souk/service-kit'),
    import('./compose-variables.ts'),
  ]);
  const known = [
    ...Object.values(configSchemas).flatMap((schema) => variablesOf(schema)),
    ...commandVariables,
    ...composeVariables.map(({ variable }) => variable),
  ];
  for (const line of environmentNotices(env, known)) print(line);
  process.env[noticedVariable] = '1';
}
