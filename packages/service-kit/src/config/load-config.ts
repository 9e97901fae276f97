/** Reads a service's configuration out of environment variables: everything that is wrong is reported at once, then nothing starts. */
import type { ServiceName } from '@souk/contracts';
import { AppError, isCurrency } from '@souk/kernel';
import type { Static, TObject } from 'typebox';
import { createSchemaCheck } from '../http/findings.ts';
import { environmentNotices } from './environment-notices.ts';
import { type Environment, isFileField, readFileVariables } from './file-variables.ts';
import { derivedDefaults } from './platform-fields.ts';

interface FieldSchema {
  type?: string;
  anyOf?: readonly { const?: unknown }[];
  default?: unknown;
  description?: string;
  secret?: boolean;
  pattern?: string;
  examples?: readonly string[];
}

const wellKnownSecret = /^(.)\1*$|change-?me|^secret|password|guest|example|placeholder|^(0123456789|1234567890|abcdefgh)|^test/i;

/**
 * The configuration of `service` from `env`, frozen. An empty variable counts as not set; unknown ones are ignored; secrets and
 * addresses may be given as `NAME_FILE`. Throws `config_invalid` that lists each problem with the name of its variable; values of secrets are never in it.
 */
export function loadConfig<S extends TObject>(service: ServiceName, schema: S, given: Environment): Readonly<Static<S>> {
  const fields = schema.properties as Record<string, FieldSchema>;
  const { env, problems: fileProblems } = readFileVariables(given, fileVariablesOf(schema));
  const port_base = Number(env['PORT_BASE'] || (fields['port_base']?.default ?? 8_000));
  const derived = derivedDefaults(service, port_base);
  const values: Record<string, unknown> = {};
  const defaulted = new Set<string>();
  for (const [name, field] of Object.entries(fields)) {
    // An empty list of gateways is a choice; any other empty variable is one that was not set.
    const text = name === 'gateway_url' ? env['GATEWAY_URL'] : env[name.toUpperCase()] || undefined;
    const value = text === undefined ? (field.default ?? derived[name]) : convert(text, field);
    if (value === undefined) continue;
    values[name] = value;
    if (text === undefined) defaulted.add(name);
  }
  // One that is set in two ways, or whose file cannot be read, is not missing as well.
  const named = new Set(fileProblems.map((line) => line.replace(/(_FILE)? .*/s, '')));
  const fieldProblems = schemaProblems(schema, values, defaulted).filter((line) => !named.has(line.split(' ')[0] ?? ''));
  const problems = [...fileProblems, ...fieldProblems, ...secretProblems(fields, values), ...currencyProblems(values)];
  if (problems.length > 0) {
    throw new AppError(
      'config_invalid',
      `The configuration of ${service} is not valid:\n${problems.map((line) => `  ${line}`).join('\n')}`,
      { problems },
    );
  }
  return Object.freeze(values) as Readonly<Static<S>>;
}

/**
 * The configuration of a service that is a process of its own, from its environment. What looks misspelt or is not supported is
 * reported by `report`, a line each, unless the command that started this process has reported it already.
 */
export function loadProcessConfig<S extends TObject>(
  service: ServiceName,
  schema: S,
  env: Environment,
  report: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Readonly<Static<S>> {
  if (!env[noticedVariable]) for (const line of environmentNotices(env, variablesOf(schema), 1)) report(`${service}: ${line}`);
  return loadConfig(service, schema, env);
}

/** Set for processes whose environment was looked through already, with the variables of all services at hand. */
export const noticedVariable = 'SOUK_ENVIRONMENT_CHECKED';

/** The variables that a schema reads. */
export function variablesOf(schema: TObject): string[] {
  return Object.keys(schema.properties).map((name) => name.toUpperCase());
}

/** Those of them that may be given as `NAME_FILE`. */
export function fileVariablesOf(schema: TObject): string[] {
  const fields = Object.entries(schema.properties as Record<string, FieldSchema>);
  return fields.filter(([name, field]) => isFileField(name, field)).map(([name]) => name.toUpperCase());
}

function convert(text: string, field: FieldSchema): unknown {
  if ((field.type === 'integer' || field.type === 'number') && /^-?\d+(\.\d+)?$/.test(text.replaceAll('_', '')))
    return Number(text.replaceAll('_', ''));
  if (field.type === 'boolean')
    return { true: true, '1': true, on: true, false: false, '0': false, off: false }[text.toLowerCase()] ?? text;
  return text;
}

/** Checks field by field, and only what was set: the schemas of all fields of all services take longer to compile than the rest of a start. */
function schemaProblems(schema: TObject, values: Record<string, unknown>, defaulted: ReadonlySet<string>): string[] {
  const needed = new Set<string>(schema.required ?? []);
  return Object.entries(schema.properties as Record<string, FieldSchema>).flatMap(([name, field]) => {
    const value = values[name];
    if (value === undefined) return needed.has(name) ? [problemOf(name, field, 'is missing')] : [];
    if (defaulted.has(name)) return [];
    return (createSchemaCheck(field)(value) ?? []).map(({ detail }) => problemOf(name, field, detail, value));
  });
}

function problemOf(name: string, field: FieldSchema, detail: string, value?: unknown): string {
  const shown = value === undefined || field.secret ? '' : ` (it is ${JSON.stringify(value)})`;
  const meaning = value === undefined && field.description ? `: ${field.description}` : '';
  const [example] = field.examples ?? [];
  const form = example === undefined ? '' : ` For example: ${example}`;
  return `${name.toUpperCase()} ${detail}${meaning}${form}${shown}`;
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
  /** It may be given as NAME_FILE instead. */
  as_file: boolean;
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
        as_file: isFileField(name, field),
        meaning: field.description ?? '',
      };
      row.services.push(service);
      rows.set(name, row);
    }
  }
  return [...rows.values()].sort((left, right) => left.variable.localeCompare(right.variable));
}
