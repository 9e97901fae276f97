/**
 * What has changed between two OpenAPI documents of ours, and which of it breaks clients: routes, parameters, bodies, answers.
 * Codes of refusals may be added and removed: a client treats one that it does not know by its status.
 */
import { breakingChanges } from './breaking-changes.ts';
import type { Json } from './json-schema.ts';
import type { SchemaUse } from './schema-rules.ts';

export interface ApiChanges {
  /** What breaks a client of the first document; empty when compatible. */
  breaking: string[];
  /** What else a client may want to know. */
  compatible: string[];
}

export interface DescribedApi {
  paths: Record<string, Record<string, Json>>;
  components: Record<string, Json>;
}

const accessRanks = ['public', 'authenticated', 'staff', 'admin'];
const firstRefusal = 400;

/** The differences; a route may go from the day on that its `Sunset` has named, `today` is such as `2026-11-29`. */
export function apiChanges(before: DescribedApi, now: DescribedApi, today: string): ApiChanges {
  const changes: ApiChanges = { breaking: [], compatible: [] };
  const fresh = operationsIn(now);
  for (const [name, operation] of operationsIn(before)) {
    const present = fresh.get(name);
    fresh.delete(name);
    if (present) compareOperations(new Comparison(name, changes, before, now), operation, present);
    else removed(name, operation, today, changes);
  }
  for (const [name, operation] of fresh) changes.compatible.push(`${name}: new route (${String(operation['summary'])})`);
  return changes;
}

function operationsIn({ paths }: DescribedApi): Map<string, Json> {
  return new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    ),
  );
}

function removed(name: string, operation: Json, today: string, changes: ApiChanges): void {
  const sunset = operation['x-souk-sunset'];
  if (typeof sunset === 'string' && sunset <= today) changes.compatible.push(`${name}: removed, as announced for ${sunset}`);
  else changes.breaking.push(`${name}: was removed without a Sunset that has passed`);
}

/** Two forms of one route. */
class Comparison {
  readonly #name: string;
  readonly #changes: ApiChanges;
  readonly #documents: readonly [DescribedApi, DescribedApi];

  constructor(name: string, changes: ApiChanges, before: DescribedApi, now: DescribedApi) {
    this.#name = name;
    this.#changes = changes;
    this.#documents = [before, now];
  }

  breaks(what: string): void {
    this.#changes.breaking.push(`${this.#name}: ${what}`);
  }

  notes(what: string): void {
    this.#changes.compatible.push(`${this.#name}: ${what}`);
  }

  /** What both refer to, written out in full. */
  resolved(before: unknown, now: unknown): [Json, Json] {
    const [old, fresh] = this.#documents;
    return [resolve(before, old) as Json, resolve(now, fresh) as Json];
  }

  schemas(before: unknown, now: unknown, use: SchemaUse, where: string): void {
    const [old, fresh] = this.resolved(before, now);
    for (const change of breakingChanges(old, fresh, use)) this.breaks(`${where}${change}`);
    for (const member of membersAdded(old, fresh)) this.notes(`${where}${member}: new member`);
  }
}

function compareOperations(comparison: Comparison, before: Json, now: Json): void {
  if (before['operationId'] !== now['operationId'])
    comparison.breaks(`operationId was ${String(before['operationId'])} and is ${String(now['operationId'])}`);
  const [was, is] = [before['x-souk-access'], now['x-souk-access']].map((access) => accessRanks.indexOf(String(access)));
  if ((is ?? 0) > (was ?? 0)) comparison.breaks(`needs ${String(now['x-souk-access'])} now, not ${String(before['x-souk-access'])}`);
  if (now['deprecated'] === true && before['deprecated'] !== true) comparison.notes(`deprecated. ${String(now['description'])}`);
  compareParameters(comparison, before, now);
  compareBodies(comparison, before['requestBody'], now['requestBody']);
  compareAnswers(comparison, before, now);
}

function compareParameters(comparison: Comparison, before: Json, now: Json): void {
  const [old, fresh] = comparison.resolved(before['parameters'] ?? [], now['parameters'] ?? []).map(byPlace) as [
    Map<string, Json>,
    Map<string, Json>,
  ];
  for (const [name, parameter] of old) {
    const present = fresh.get(name);
    if (present === undefined) comparison.breaks(`${name} was removed`);
    else {
      if (present['required'] === true && parameter['required'] !== true) comparison.breaks(`${name} became required`);
      comparison.schemas(parameter['schema'], present['schema'], 'request', `${name} `);
    }
  }
  for (const [name, parameter] of fresh) {
    if (old.has(name)) continue;
    if (parameter['required'] === true) comparison.breaks(`${name} was added as required`);
    else comparison.notes(`new ${name}`);
  }
}

function byPlace(parameters: unknown): Map<string, Json> {
  return new Map((parameters as Json[]).map((parameter) => [`${String(parameter['in'])} member ${String(parameter['name'])}`, parameter]));
}

function compareBodies(comparison: Comparison, before: unknown, now: unknown): void {
  const [old, fresh] = comparison.resolved(before ?? {}, now ?? {});
  if (fresh['required'] === true && old['required'] !== true) comparison.breaks('needs a body now');
  compareContent(comparison, old, fresh, 'request', 'body');
}

function compareAnswers(comparison: Comparison, before: Json, now: Json): void {
  const [old, fresh] = comparison.resolved(before['responses'] ?? {}, now['responses'] ?? {}) as [
    Record<string, Json>,
    Record<string, Json>,
  ];
  for (const [status, answer] of Object.entries(old)) {
    const present = fresh[status];
    if (Number(status) >= firstRefusal) continue;
    if (present === undefined) comparison.breaks(`${status} was removed`);
    else compareAnswer(comparison, status, answer, present);
  }
  for (const status of Object.keys(fresh).filter((one) => !Object.hasOwn(old, one))) {
    if (Number(status) >= firstRefusal) comparison.notes(`may be refused with ${status}`);
    // Only who sends these gets them.
    else if (status === '304') comparison.notes('answers 304 to If-None-Match');
    else if (status === '206') comparison.notes('answers 206 to Range');
    // Browsers follow it, and pages are for nothing else.
    else if (redirects.has(status) && isPage(old['200'])) comparison.notes(`may lead elsewhere with ${status}`);
    else comparison.breaks(`${status} was added`);
  }
}

const redirects: ReadonlySet<string> = new Set(['303', '308']);

function isPage(answer: Json | undefined): boolean {
  return Object.keys((answer?.['content'] ?? {}) as object).join() === 'text/html';
}

function compareAnswer(comparison: Comparison, status: string, before: Json, now: Json): void {
  for (const header of Object.keys((before['headers'] ?? {}) as object))
    if (!Object.hasOwn((now['headers'] ?? {}) as object, header)) comparison.breaks(`${status} has no header ${header} any more`);
  compareContent(comparison, before, now, 'answer', status);
}

function compareContent(comparison: Comparison, before: Json, now: Json, use: SchemaUse, where: string): void {
  const [old, fresh] = [before['content'] ?? {}, now['content'] ?? {}] as [Record<string, Json>, Record<string, Json>];
  for (const [type, content] of Object.entries(old)) {
    const present = fresh[type];
    if (present === undefined) comparison.breaks(`${where} is not ${type} any more`);
    else comparison.schemas(content['schema'] ?? {}, present['schema'] ?? {}, use, `${where} `);
  }
}

/** Everything with its references replaced by what they name. */
function resolve(value: unknown, document: DescribedApi): unknown {
  if (Array.isArray(value)) return value.map((part) => resolve(part, document));
  if (typeof value !== 'object' || value === null) return value;
  const reference = (value as Json)['$ref'];
  if (typeof reference !== 'string')
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, resolve(part, document)]));
  const found = reference
    .slice(2)
    .split('/')
    .reduce<unknown>((part, name) => (part as Json | undefined)?.[name], document);
  if (found === undefined) throw new TypeError(`The document has nothing at ${reference}.`);
  return resolve(found, document);
}

function membersAdded(before: Json, now: Json, at = ''): string[] {
  const [old, fresh] = [before['properties'] ?? {}, now['properties'] ?? {}] as [Record<string, Json>, Record<string, Json>];
  const items = [before['items'], now['items']] as [Json | undefined, Json | undefined];
  return [
    ...Object.entries(fresh).flatMap(([name, part]) => {
      const known = old[name];
      return known === undefined ? [`${at}/${name}`] : membersAdded(known, part, `${at}/${name}`);
    }),
    ...(items[0] && items[1] ? membersAdded(items[0], items[1], `${at}/items`) : []),
  ];
}
