import { composeVariables } from '@souk/cli/compose-variables';
import { serviceNames } from '@souk/contracts';
import type { ConfigReferenceRow } from '@souk/service-kit';
import { commandVariables } from '../command-variables.ts';
import { code, page, table } from '../markdown.ts';
import { environmentRows, groupsOf } from '../service-configs.ts';

export function environmentPage(): string {
  const { shared, own } = groupsOf(environmentRows());
  return page(
    'Environment',
    'Every variable Souk reads. A service reads its own once, at its start; what is missing or wrong is reported all at once, by name, and then nothing starts. Under `npm start` everything has a value already: secrets are made on the first start and kept in `SOUK_HOME/secrets`. Addresses, ports, databases and the internal token are then decided by the platform, whatever the environment says; `npm start` names those that were set in vain.',
    'Variables may stand in a file `.env` beside `package.json`, as `NAME=VALUE` lines; `npm start`, `npm run up` and the other commands that work on a shop read it, and what the real environment sets wins. Commands with servers of their own (`test`, `check`, `bench`, `load`, `generate`) do not. A line that is no assignment is an error that names it; values are taken as they are, without expansion of `$`.',
    'Where the type says *or file*, `NAME_FILE` may name a file that holds the value instead, as secrets of Docker and Kubernetes do; one line break at its end is not part of the value. Setting both is an error, and so is a file that cannot be read.',
    'Variables that are close to one of these without being one are named at the start, with what they may have meant.',
    '## The command',
    table(
      ['Variable', 'Default', 'Meaning'],
      commandVariables.map((row) => [code(row.variable), row.default === '' ? '' : code(row.default), row.meaning]),
    ),
    '## docker compose',
    '`npm run souk -- env` writes these to `.env`, the secrets at random. Compose also passes the settings below from `.env` to the services that read them; [which it does not, and why](../containers.md#settings).',
    table(
      ['Variable', 'Default', 'Meaning'],
      composeVariables.map(({ variable, value, meaning }) => [
        code(variable),
        value === undefined ? '**required**, secret' : value === '' ? '' : code(value),
        meaning,
      ]),
    ),
    '## All services, or several',
    '`AMQP_URL` and `REDIS_URL` make the distributed world: with them a process talks to RabbitMQ, and shares cache, registry and rate limits through Redis. `npm run up` takes both from its environment, and `<SERVICE>_DATABASE_URL` for each service; what is not given it starts itself.',
    rowTable(shared, true),
    ...serviceNames.flatMap((name) => {
      const rows = own.get(name) ?? [];
      return rows.length === 0 ? [] : [`## ${name}`, rowTable(rows, false)];
    }),
  );
}

function rowTable(rows: readonly ConfigReferenceRow[], with_services: boolean): string {
  return table(
    ['Variable', 'Type', 'Default', 'Meaning', ...(with_services ? ['Read by'] : [])],
    rows.map((row) => [
      code(row.variable),
      typeOf(row),
      row.default === '' ? (row.required ? '**required**' : '') : code(row.default),
      row.meaning,
      ...(with_services ? [row.services.length === serviceNames.length ? 'all' : row.services.join(', ')] : []),
    ]),
  );
}

function typeOf({ type, secret, as_file }: ConfigReferenceRow): string {
  return [type, ...(secret ? ['secret'] : []), ...(as_file ? ['or file'] : [])].join(', ');
}
