/**
 * The variables that compose.yaml demands, and those it reads besides the settings of the services; a test holds this list and
 * that page together.
 */
import { dataServices } from '@souk/contracts';
import { platformKeys } from '@souk/kernel/platform-keys';

export interface ComposeVariable {
  variable: string;
  meaning: string;
  /** Undefined: a secret, made at random. */
  value?: string;
  /** What follows from the internal token. */
  valueFrom?(internal_token: string): string;
}

export const composeVariables: readonly ComposeVariable[] = [
  { variable: 'INTERNAL_TOKEN', meaning: 'What services show each other on internal routes.' },
  {
    variable: 'SCRAPE_TOKEN',
    meaning:
      'What Prometheus shows the gateway; follows from INTERNAL_TOKEN: remove this line and run "npm run souk -- env" when that changes.',
    valueFrom: (internal_token) => platformKeys(internal_token).scrapeToken(),
  },
  { variable: 'SANDBOX_WEBHOOK_SECRET', meaning: 'Signs the webhooks of the sandbox payment provider.' },
  {
    variable: 'POSTGRES_PASSWORD',
    meaning: 'Superuser of PostgreSQL. This and the other database passwords count at the first start only, when the databases are made.',
  },
  ...dataServices.map((name) => ({ variable: `${name.toUpperCase()}_DATABASE_PASSWORD`, meaning: `Role and database ${name}.` })),
  { variable: 'MONITOR_DATABASE_PASSWORD', meaning: 'Role monitor, which sees the statistics of PostgreSQL and no rows.' },
  { variable: 'RABBITMQ_PASSWORD', meaning: 'User souk of RabbitMQ; counts at its first start only.' },
  { variable: 'REDIS_PASSWORD', meaning: 'Redis.' },
  { variable: 'GRAFANA_PASSWORD', meaning: 'User admin of Grafana; counts at its first start only.' },
  {
    variable: 'BIND_ADDRESS',
    meaning: 'Address of this machine on which the gateway is published; 0.0.0.0 for all. Nothing else is published beyond 127.0.0.1.',
    value: '127.0.0.1',
  },
  { variable: 'LOG_LEVEL', meaning: 'Least important lines the services write: debug, info, warn, error or silent.', value: 'info' },
  { variable: 'OTEL_EXPORTER_OTLP_ENDPOINT', meaning: 'OpenTelemetry collector that gets traces; empty for none.', value: '' },
  { variable: 'OTEL_TRACES_SAMPLER_ARG', meaning: 'Share of requests whose trace is recorded, from 0 to 1.', value: '1' },
  {
    variable: 'TRACES_URL',
    meaning: 'Where a browser sees a trace: what stands before its id.',
    value: 'http://127.0.0.1:16686/trace',
  },
  { variable: 'SHOP_CURRENCY', meaning: 'Currency where none is said, ISO 4217.', value: 'EUR' },
];

/** The lines for those variables that `text` (of an .env file) does not set; an empty secret is one that is not set. */
export function missingLines(text: string, secret: () => string): string {
  const found = [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]*)[ \t]*=(.*)$/gm)];
  const present = new Map(found.map(([, name = '', set = '']) => [name, set.trim()]));
  const isEmpty = (variable: string): boolean => ['', "''", '""'].includes(present.get(variable) ?? '');
  const isNew = isEmpty('INTERNAL_TOKEN');
  const internal_token = isNew ? secret() : (present.get('INTERNAL_TOKEN') ?? '');
  // What follows from a token that is made now is made with it; in an .env file the last line of a variable counts.
  const isMissing = ({ variable, value, valueFrom }: ComposeVariable): boolean =>
    value === undefined ? isEmpty(variable) || (isNew && valueFrom !== undefined) : !present.has(variable);
  const textFor = ({ variable, value, valueFrom }: ComposeVariable): string => {
    if (variable === 'INTERNAL_TOKEN') return internal_token;
    return valueFrom?.(internal_token) ?? value ?? secret();
  };
  return composeVariables
    .filter(isMissing)
    .map((row) => `# ${row.meaning}\n${row.variable}=${textFor(row)}\n`)
    .join('\n');
}
