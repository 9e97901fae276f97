/** The whole API for clients as an OpenAPI 3.1 document, derived from the declarations of the routes. */
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { type RouteDeclaration, scopesOf } from '../define-route.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import { matchNamesMax } from '../http/match-filters.ts';
import { Problem } from '../http/problem.ts';
import { scopeTable } from '../scopes.ts';
import { services } from '../services.ts';
import { exampleOf } from './example-of.ts';
import { answerHeaderComponents, answerHeadersOf, requestHeaders, requestHeadersOf } from './http-headers.ts';
import { type Components, createComponents, type Json, referTo } from './json-schema.ts';
import { type Operation, operationsOf } from './operations.ts';
import { problemExampleOf } from './problem-example.ts';
import { bodyExampleOf } from './request-examples.ts';

export interface OpenApiDocument extends Json {
  openapi: '3.1.0';
  paths: Record<string, Record<string, Json>>;
  components: Record<string, Json>;
}

const jsonType = 'application/json';
const problemType = 'application/problem+json';
const pageType = 'text/html';
const injectedStatuses = [500, 502, 504];

const introduction = [
  'Souk sells things without overselling, double-charging or losing an order. Bodies are JSON with members in snake_case; unknown members are refused.',
  'Amounts are decimal numbers of the major unit of their currency, with no more decimals than it has. Times are RFC 3339 in UTC. Ids are UUIDs in small letters.',
  'Every refusal is a problem document (RFC 9457); decide by its code. Each GET also answers HEAD, and each address OPTIONS with Allow.',
  'Paths carry no version: within a route only optional members are added, and what is to go is announced by Deprecation and Sunset.',
].join('\n\n');

const apiKeyWords = `A key of POST /api/api-keys, for programs. Scopes: ${Object.entries(scopeTable)
  .map(([name, words]) => `${name}: ${words}`)
  .join(' ')}`;

/** The document of these operations; `version` is that of the code. The same input gives the same document. */
export function openApiDocument(version: string, operations: readonly Operation[] = operationsOf()): OpenApiDocument {
  const components = createComponents();
  components.use(Problem);
  const shared: SharedAnswers = new Map();
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const { method, path } = operation.route;
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = operationObject(operation, components, shared);
  }
  const codes = [...new Set(operations.flatMap((operation) => operation.codes))];
  const tags = services.filter(({ name }) => operations.some(({ route }) => route.service === name));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Souk',
      version,
      summary: 'An event-driven shop whose books balance.',
      description: introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The gateway that serves this document.' }],
    externalDocs: { url: '/docs', description: 'The reference for people' },
    tags: tags.map(({ name, title }) => ({ name, description: `${title.charAt(0).toUpperCase()}${title.slice(1)}.` })),
    paths,
    components: {
      schemas: components.schemas,
      responses: Object.fromEntries([...shared.values()].map(({ name, answer }) => [name, answer])),
      parameters: requestHeaders,
      headers: answerHeaderComponents(),
      examples: Object.fromEntries(codes.map((code) => [code, describedProblem(code)])),
      securitySchemes: {
        access_token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The access_token of POST /api/auth/login. It lasts for expires_in seconds.',
        },
        api_key: { type: 'http', scheme: 'bearer', description: apiKeyWords },
        order_link: { type: 'apiKey', in: 'header', name: 'Authorization', description: orderLinkWords },
      },
    },
  };
}

function operationObject({ operation_id, route, codes }: Operation, components: Components, shared: SharedAnswers): Json {
  const { access, limit, idempotent, cache, deprecated, timeout_ms, body_bytes_max } = route;
  const scopes = scopesOf(route);
  const body = requestBody(operation_id, route, components);
  return {
    operationId: operation_id,
    tags: [route.service],
    summary: route.summary,
    ...(deprecated && { deprecated: true, description: deprecationWords(deprecated) }),
    ...(deprecated?.sunset !== undefined && { 'x-souk-sunset': deprecated.sunset }),
    security: securityOf(route),
    parameters: [
      ...membersOf(route.params, 'path', components),
      ...membersOf(route.query, 'query', components),
      ...freeMembersOf(route.query, components),
      ...requestHeadersOf(route),
    ],
    ...(body && { requestBody: body }),
    responses: { ...successes(operation_id, route, components), ...refusals(route, codes, shared) },
    'x-souk-access': access,
    ...(scopes.length > 0 && { 'x-souk-scope': scopes.length === 1 ? scopes[0] : scopes }),
    'x-souk-limit': limit,
    ...(idempotent && { 'x-souk-idempotent': true }),
    ...(cache !== undefined && { 'x-souk-cache': cache }),
    ...(timeout_ms !== undefined && { 'x-souk-timeout-ms': timeout_ms }),
    ...(body_bytes_max !== undefined && { 'x-souk-body-bytes-max': body_bytes_max }),
  };
}

function deprecationWords({ since, sunset, instead }: NonNullable<RouteDeclaration['deprecated']>): string {
  return `Deprecated since ${since}${sunset === undefined ? '' : `; it may be gone from ${sunset}`}. ${instead}`;
}

const orderLinkWords = 'OrderLink, a blank, and the link that POST /api/orders/lookup has mailed. It opens one order, for 30 days.';

/** A token of a person, or a key with one of the scopes; where a stranger may ask, nothing. */
function securityOf(route: RouteDeclaration): Json[] {
  if (route.order_link === true) return [{ order_link: [] }];
  return [...(route.access === 'public' ? [{}] : []), { access_token: [] }, ...scopesOf(route).map((scope) => ({ api_key: [scope] }))];
}

/** Path or query members as parameters. */
function membersOf(schema: TSchema | undefined, place: 'path' | 'query', components: Components): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as { properties?: Record<string, TSchema>; required?: readonly string[] };
  return Object.entries(properties).map(([name, member]) => {
    const { description, ...written } = components.use(member);
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(typeof description === 'string' && { description }),
      schema: written,
      example: exampleOf(member, {}, name),
    };
  });
}

/**
 * Query members whose names follow patterns: one parameter of the style that makes each member of an object a member of the query, so that
 * the name of the parameter itself is never sent.
 */
function freeMembersOf(schema: TSchema | undefined, components: Components): Json[] {
  const { patternProperties } = (schema ?? {}) as { patternProperties?: Record<string, TSchema> };
  if (patternProperties === undefined) return [];
  const description = `Filters by attribute and option, at most ${matchNamesMax} names. A name that comes again means one value or the other; different names must all match.`;
  return [
    {
      name: 'matches',
      in: 'query',
      required: false,
      style: 'form',
      explode: true,
      description,
      schema: components.use({ type: 'object', patternProperties, additionalProperties: false, maxProperties: matchNamesMax }),
      example: { 'option.size': ['large'] },
    },
  ];
}

function requestBody(operation_id: string, { body, body_type }: RouteDeclaration, components: Components): Json | undefined {
  if (body_type !== undefined) {
    const example = bodyExampleOf(operation_id, undefined);
    return { required: true, content: { [body_type]: { schema: { type: 'string' }, ...(example !== undefined && { example }) } } };
  }
  if (body === undefined) return undefined;
  const isOmissible = '~optional' in body || ('properties' in body && Check(body, {}));
  return { required: !isOmissible, content: { [jsonType]: { schema: components.use(body), example: bodyExampleOf(operation_id, body) } } };
}

function successes(operation_id: string, route: RouteDeclaration, components: Components): Json {
  const types = route.response_types ?? [jsonType];
  const answers = Object.entries(route.responses).map(([status, schema]) => {
    const headers = answerHeadersOf(route, Number(status));
    if (schema === null) return [status, { description: 'Done; the answer is empty.', headers }];
    const content = Object.fromEntries(
      types.map((type) => [
        type,
        type === jsonType || type.endsWith('+json')
          ? { schema: components.use(schema), example: answerExampleOf(operation_id, schema) }
          : { schema: { type: 'string' } },
      ]),
    );
    return [status, { description: route.summary, headers, content }];
  });
  const isConditional = (route.etag === true || route.cache !== undefined) && route.method === 'GET';
  const unchanged = { description: 'What If-None-Match names is still the state of the resource.', headers: answerHeadersOf(route, 304) };
  return { ...Object.fromEntries(answers), ...(isConditional && { 304: unchanged }) };
}

function answerExampleOf(operation_id: string, schema: TSchema): unknown {
  return exampleOf(schema, memberAfter[operation_id]);
}

/** What a resource looks like after the operation, where the general example would contradict it. */
const memberAfter: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cancelOrder: { status: 'cancelled' },
  shipOrder: { status: 'shipped' },
  completeOrder: { status: 'completed' },
  placeOrder: { status: 'pending' },
  runGraphql: { code: 'service_unavailable' },
  runRegisteredGraphql: { code: 'service_unavailable' },
};

/** Answers that many routes share are written once and referred to. */
type SharedAnswers = Map<string, { name: string; answer: Json }>;

function shareAnswer(shared: SharedAnswers, status: number, answer: Json): Json {
  const text = JSON.stringify(answer);
  const sameStatus = [...shared.values()].filter(({ name }) => name.startsWith(`Refusal${status}`)).length;
  const known = shared.get(text) ?? { name: `Refusal${status}${sameStatus === 0 ? '' : `_${sameStatus + 1}`}`, answer };
  shared.set(text, known);
  return referTo(`#/components/responses/${known.name}`);
}

function refusals(route: RouteDeclaration, codes: readonly ErrorCode[], shared: SharedAnswers): Json {
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status);
  if (codes.includes('chaos_injected'))
    for (const status of injectedStatuses) byStatus.set(status, [...(byStatus.get(status) ?? []), 'chaos_injected']);
  const entries = [...byStatus].sort(([left], [right]) => left - right);
  return Object.fromEntries(entries.map(([status, same]) => [status, shareAnswer(shared, status, refusalObject(route, status, same))]));
}

function refusalObject(route: RouteDeclaration, status: number, codes: readonly ErrorCode[]): Json {
  return {
    description: codes.map((code) => `${code}: ${errorTable[code].title}.`).join(' '),
    headers: answerHeadersOf(route, status),
    content: {
      [problemType]: {
        schema: referTo('#/components/schemas/Problem'),
        examples: Object.fromEntries(codes.map((code) => [code, referTo(`#/components/examples/${code}`)])),
      },
      ...(route.page && { [pageType]: { schema: { type: 'string' } } }),
    },
  };
}

function describedProblem(code: ErrorCode): Json {
  const { title, advice } = errorTable[code];
  return { summary: title, description: advice, value: problemExampleOf(code) };
}
