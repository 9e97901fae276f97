/** Reads a service's configuration out of environment variables: everything that is wrong is told at once, then nothing starts. */
import type { ServiceName } from '@souk/contracts';
import { AppError, isCurrency } from '@souk/kernel';
import type { Static, TObject } from 'typebox';
import { createSchemaCheck } from '../http/schema-validator.ts';
import { derivedDefaults } from './platform-fields.ts';

interface FieldSchema {
  type?: string;
  anyOf?: readonly { const?: unknown }[];
  default?: unknown;
  description?: string;
  secret?: boolean;
  pattern?: string;
}

const wellKnownSecret = /^(.)\1*$|change-?me|^secret|password|guest|example|placeholder|^(0123456789|1234567890|abcdefgh)|^test/i;

/**
 * The configuration of `service` from `env`, frozen. An empty variable counts as not set; unknown ones are ignored.
 * Throws `config_invalid` that lists each problem with the name of its variable; values of secrets are never in it.
 */
export function loadConfig<S extends TObject>(
  service: ServiceName,
  schema: S,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Static<S>> {
  const fields = schema.properties as Record<string, FieldSchema>;
  const port_base = Number(env['PORT_BASE'] || (fields['port_base']?.default ?? 8_000));
  const derived = derivedDefaults(service, port_base);
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    // An empty list of gateways is a choice; any other empty variable is one that was not set.
    const text = name === 'gateway_url' ? env['GATEWAY_URL'] : env[name.toUpperCase()] || undefined;
    const value = text === undefined ? (field.default ?? derived[name]) : convert(text, field);
    if (value !== undefined) values[name] = value;
  }
  const problems = [...schemaProblems(schema, fields, values), ...secretProblems(fields, values), ...currencyProblems(values)];
  if (problems.length > 0) {
    throw new AppError(
      'config_invalid',
      `The configuration of ${service} is not valid:\n${problems.map((line) => `  ${line}`).join('\n')}`,
      { problems },
    );
  }
  return Object.freeze(values) as Readonly<Static<S>>;
}

function convert(text: string, field: FieldSchema): unknown {
  if ((field.type === 'integer' || field.type === 'number') && /^-?\d+(\.\d+)?$/.test(text.replaceAll('_', '')))
    return Number(text.replaceAll('_', ''));
  if (field.type === 'boolean')
    return { true: true, '1': true, on: true, false: false, '0': false, off: false }[text.toLowerCase()] ?? text;
  return text;
}

function schemaProblems(schema: TObject, fields: Record<string, FieldSchema>, values: Record<string, unknown>): string[] {
  const findings = createSchemaCheck(schema)(values, true) ?? [];
  return findings.map(({ pointer, detail }) => {
    const name = pointer.slice(1).split('/')[0] ?? '';
    const shown = values[name] === undefined || fields[name]?.secret ? '' : ` (it is ${JSON.stringify(values[name])})`;
    const meaning = detail === 'is missing' && fields[name]?.description ? `: ${fields[name].description}` : '';
    return `${name.toUpperCase()} ${detail}${meaning}${shown}`;
  });
}

function secretProblems(fields: Record<string, FieldSchema>, values: Record<string, unknown>): string[] {
  return Object.entries(fields)
    .filter(
      ([name, field]) =>
        field.secret && field.pattern === undefined && typeof values[name] === 'string' && wellKnownSecret.test(values[name]),
    )
    .map(([name]) => `${name.toUpperCase()} is a well-known or guessable value; make a random one`);
}

/** A code of the right form may still be no currency; then no product could ever be sold. */
function currencyProblems({ shop_currency }: Record<string, unknown>): string[] {
  if (typeof shop_currency !== 'string' || !/^[A-Z]{3}$/.test(shop_currency) || isCurrency(shop_currency)) return [];
  return [`SHOP_CURRENCY is no ISO 4217 currency (it is ${JSON.stringify(shop_currency)})`];
}

/** One line of the environment reference. */
export interface ConfigReferenceRow {
  variable: string;
  services: string[];
  required: boolean;
  secret: boolean;
  default: string;
  type: string;
  meaning: string;
}

/** The rows of the environment reference, over the schemas of all services, by variable. */
export function configReference(schemas: Readonly<Partial<Record<ServiceName, TObject>>>): ConfigReferenceRow[] {
  const rows = new Map<string, ConfigReferenceRow>();
  for (const [service, schema] of Object.entries(schemas)) {
    const needed = new Set<string>(schema.required ?? []);
    const derived = derivedDefaults(service as ServiceName, 8_000);
    for (const [name, field] of Object.entries(schema.properties as Record<string, FieldSchema>)) {
      const value = field.default ?? (name === 'port' ? 'PORT_BASE + n' : derived[name]);
      const row = rows.get(name) ?? {
        variable: name.toUpperCase(),
        services: [],
        required: needed.has(name) && value === undefined,
        secret: field.secret === true,
        default: value === undefined ? '' : String(value),
        type: field.type ?? (field.anyOf ?? []).map((choice) => String(choice.const)).join(' | '),
        meaning: field.description ?? '',
      };
      row.services.push(service);
      rows.set(name, row);
    }
  }
  return [...rows.values()].sort((left, right) => left.variable.localeCompare(right.variable));
}
