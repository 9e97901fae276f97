import { serviceNames } from '@souk/contracts';
import type { ConfigReferenceRow } from '@souk/service-kit';
import { commandVariables } from '../command-variables.ts';
import { code, page, table } from '../markdown.ts';
import { environmentRows, groupsOf } from '../service-configs.ts';

export function environmentPage(): string {
  const { shared, own } = groupsOf(environmentRows());
  return page(
    'Environment',
    'Every variable Souk reads. A service reads its own once, at its start; what is missing or wrong is told all at once, by name, and then nothing starts. Under `npm start` everything has a value already: secrets are made on the first start and kept in `SOUK_HOME/secrets`. Addresses, ports, databases and the internal token are then decided by the platform, whatever the environment says; `npm start` names those that were set in vain.',
    '## The command',
    table(
      ['Variable', 'Default', 'Meaning'],
      commandVariables.map((row) => [code(row.variable), row.default === '' ? '' : code(row.default), row.meaning]),
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

function typeOf({ type, secret }: ConfigReferenceRow): string {
  return secret ? `${type}, secret` : type;
}
