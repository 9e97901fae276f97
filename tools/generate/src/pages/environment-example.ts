import { composeVariables } from '@souk/cli/compose-variables';
import { serviceNames } from '@souk/contracts';
import type { ConfigReferenceRow } from '@souk/service-kit';
import { commandVariables } from '../command-variables.ts';
import { environmentRows, groupsOf } from '../service-configs.ts';

/** Every variable with its meaning and default, all of them commented out: the file changes nothing until it is edited. */
export function environmentExample(): string {
  const { shared, own } = groupsOf(environmentRows());
  const parts = [
    '# Written by npm run generate from the code. Every variable Souk reads, with its default; docs/reference/environment.md says more.\n# Nothing here is needed for npm start. npm start and npm run up do not read this file: export what you need, or hand it to\n# your process manager. docker compose reads .env and passes each setting to the services that read it.',
    section(
      'docker compose\n#\n# Secrets have no default, and compose does not start without them. After cp .env.example .env they are added by\n# npm run souk -- env, each at random; one by hand: openssl rand -hex 32',
      composeVariables.map(({ variable, value, meaning }) =>
        lines(variable, value ?? '', `${meaning}${value === undefined ? ' Secret. Required.' : ''}`),
      ),
    ),
    section(
      'The command',
      commandVariables.map((row) => lines(row.variable, row.default, row.meaning)),
    ),
    section(
      'All services, or several',
      shared.map((row) => `# (${row.services.length === serviceNames.length ? 'all' : row.services.join(', ')})\n${rowLines(row)}`),
    ),
    ...serviceNames.flatMap((name) => {
      const rows = own.get(name) ?? [];
      return rows.length === 0 ? [] : [section(name, rows.map(rowLines))];
    }),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(title: string, entries: readonly string[]): string {
  return [`# --- ${title}`, ...entries].join('\n\n');
}

function rowLines(row: ConfigReferenceRow): string {
  return lines(
    row.variable,
    row.default,
    `${row.meaning}${row.secret ? ' Secret.' : ''}${row.required && row.default === '' ? ' Required.' : ''}`,
  );
}

function lines(variable: string, value: string, meaning: string): string {
  return `# ${meaning}\n#${variable}=${value}`;
}
