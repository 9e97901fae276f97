/** Every variable of compose.yaml; a test holds this list and that page together. */
export interface ComposeVariable {
  variable: string;
  meaning: string;
  /** Undefined: a secret, made at random. */
  value?: string;
}

export const composeVariables: readonly ComposeVariable[] = [
  { variable: 'INTERNAL_TOKEN', meaning: 'What services show each other on internal routes.' },
  { variable: 'SANDBOX_WEBHOOK_SECRET', meaning: 'Signs the webhooks of the sandbox payment provider.' },
  {
    variable: 'POSTGRES_PASSWORD',
    meaning: 'Superuser of PostgreSQL. This and the next seven count at the first start only, when the databases are made.',
  },
  { variable: 'USERS_DATABASE_PASSWORD', meaning: 'Role and database users.' },
  { variable: 'PRODUCTS_DATABASE_PASSWORD', meaning: 'Role and database products.' },
  { variable: 'ORDERS_DATABASE_PASSWORD', meaning: 'Role and database orders.' },
  { variable: 'NOTIFICATIONS_DATABASE_PASSWORD', meaning: 'Role and database notifications.' },
  { variable: 'INVENTORY_DATABASE_PASSWORD', meaning: 'Role and database inventory.' },
  { variable: 'PAYMENTS_DATABASE_PASSWORD', meaning: 'Role and database payments.' },
  { variable: 'MONITOR_DATABASE_PASSWORD', meaning: 'Role monitor, which sees the figures of PostgreSQL and no rows.' },
  { variable: 'RABBITMQ_PASSWORD', meaning: 'User souk of RabbitMQ; counts at its first start only.' },
  { variable: 'REDIS_PASSWORD', meaning: 'Redis.' },
  { variable: 'GRAFANA_PASSWORD', meaning: 'User admin of Grafana; counts at its first start only.' },
  { variable: 'BIND_ADDRESS', meaning: 'Address of this machine on which the ports are opened; 0.0.0.0 for all.', value: '127.0.0.1' },
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

/** The lines for those variables that `text` (of an .env file) does not set. */
export function missingLines(text: string, secret: () => string): string {
  const present = new Set([...text.matchAll(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=/gm)].map(([, name]) => name));
  return composeVariables
    .filter(({ variable }) => !present.has(variable))
    .map(({ variable, meaning, value }) => `# ${meaning}\n${variable}=${value ?? secret()}\n`)
    .join('\n');
}
