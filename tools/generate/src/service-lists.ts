/**
 * The lists of services in files that something else reads (Compose, Prometheus, the image of PostgreSQL). Each file is written by
 * hand but for these lists, which are renewed from the table of services; a new service gets its part in each of them.
 */
import { readFileSync } from 'node:fs';
import { type ServiceEntry, services } from '@souk/contracts';
import type { Document } from './document.ts';

const portBase = 8_000;
const passwordWords = '?run npm run souk -- env';
/** Before it the blocks of further services are inserted. */
const composeAnchor = '  # Runs once: the first accounts';

type Table = readonly Pick<ServiceEntry, 'name' | 'port_offset' | 'has_database'>[];

/** Each file with its lists renewed. Throws when a list is not found where it was, with the path and the list. */
export function serviceListDocuments(root: URL, table: Table = services): Document[] {
  const renewed = (path: string, renew: (text: string, table: Table) => string): Document => ({
    path,
    text: renew(readFileSync(new URL(path, root), 'utf8'), table),
  });
  return [
    renewed('infrastructure/monitoring/prometheus/prometheus.static.yml', staticTargets),
    renewed('infrastructure/monitoring/prometheus/rules/recordings.yml', expectedServices),
    renewed('infrastructure/postgres/make-databases.sh', databases),
    renewed('compose.yaml', composed),
  ];
}

function staticTargets(text: string, table: Table): string {
  const lines = table.map(
    ({ name, port_offset }) => `      - { targets: ['${name}:${portBase + port_offset}'], labels: { service: ${name} } }\n`,
  );
  return replaced(text, 'static targets', /(?: {6}- \{ targets: \['[a-z]+:\d+'\], labels: \{ service: [a-z]+ \} \}\n)+/, lines);
}

function expectedServices(text: string, table: Table): string {
  const lines = table.map(
    ({ name }, index) => `            ${index === 0 ? '' : 'or '}label_replace(vector(0), "service", "${name}", "", "")\n`,
  );
  return replaced(text, 'expected services', /(?: {12}(?:or )?label_replace\(vector\(0\), "service", "[a-z]+", "", ""\)\n)+/, lines);
}

function databases(text: string, table: Table): string {
  return replaced(text, 'databases', /for service in [a-z ]+; do\n/, [`for service in ${withDatabase(table).join(' ')}; do\n`]);
}

function composed(text: string, table: Table): string {
  const addresses = table.map(({ name, port_offset }) => `  ${name.toUpperCase()}_URL: http://${name}:${portBase + port_offset}\n`);
  const passwords = withDatabase(table).map((name) => `      ${passwordOf(name)}: \${${passwordOf(name)}:${passwordWords}}\n`);
  const withAddresses = replaced(text, 'addresses', /(?: {2}[A-Z]+_URL: http:\/\/[a-z]+:\d+\n)+/, addresses);
  const withPasswords = replaced(withAddresses, 'passwords', passwordLines, passwords);
  const missing = table.filter(({ name }) => !withPasswords.includes(`args: { SERVICE: ${name} }`));
  if (missing.length === 0) return withPasswords;
  return replaced(
    withPasswords,
    'services',
    new RegExp(`(?=${composeAnchor})`),
    missing.map((entry) => `${composeBlock(entry)}\n`),
  );
}

function withDatabase(table: Table): string[] {
  return table.filter(({ has_database }) => has_database).map(({ name }) => name);
}

/** Those of services only; that of the role `monitor` follows them. */
const passwordLines = /(?: {6}(?!MONITOR_)[A-Z]+_DATABASE_PASSWORD: \$\{[^}]+\}\n)+/;

function passwordOf(name: string): string {
  return `${name.toUpperCase()}_DATABASE_PASSWORD`;
}

function composeBlock({ name, port_offset, has_database }: Table[number]): string {
  const settings = has_database ? '[*environment, *database_settings]' : '*environment';
  const database = `      DATABASE_URL: postgres://${name}:\${${passwordOf(name)}:${passwordWords}}@postgres:5432/${name}`;
  return [
    `  ${name}:`,
    '    <<: *image',
    `    build: { <<: *build, args: { SERVICE: ${name} } }`,
    '    environment:',
    `      <<: ${settings}`,
    `      PORT: '${portBase + port_offset}'`,
    ...(has_database ? [database] : []),
    '    depends_on: { <<: *backends, users: { condition: service_healthy } }',
    '',
  ].join('\n');
}

function replaced(text: string, what: string, list: RegExp, lines: readonly string[]): string {
  if (!list.test(text)) throw new TypeError(`The list of ${what} is not where it was; see tools/generate/src/service-lists.ts.`);
  return text.replace(list, () => lines.join(''));
}
