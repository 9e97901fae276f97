/** The page of one service: its routes with everything a client may send and get. */
import { type ErrorCode, errorTable, type ServiceName, scopesOf, serviceEntry } from '@souk/contracts';
import { memberRows, type Operation, schemaWords } from '@souk/contracts/reference';
import { type Html, html } from '@souk/ui';
import { codedWords } from './coded-words.ts';
import { curlOf } from './curl.ts';
import type { Page } from './page-frame.ts';

const timeoutDefaultMs = 10_000;
const accessWords = {
  public: 'no token needed',
  authenticated: 'needs a token; others\u2019 resources are not found',
  staff: 'needs a token of staff',
  admin: 'needs a token of an administrator',
} as const;

export function servicePage(service: ServiceName, operations: readonly Operation[]): Page {
  const shared = sharedCodes(operations);
  const shapes = shapesOf(operations);
  const title = serviceEntry(service)?.title ?? service;
  const contents = operations.map(
    ({ operation_id, route }) => html`<li><a href="#${operation_id}"><code>${route.method} ${route.path}</code></a> ${route.summary}</li>`,
  );
  return {
    title: service,
    path: `/docs/${service}`,
    description: `The routes of ${service}: ${title}.`,
    searched: true,
    main: html`<p>${title.charAt(0).toUpperCase()}${title.slice(1)}. In the commands <code>$SHOP</code> is the address of the shop, <code>$TOKEN</code> an access token, <code>$KEY</code> a random key. <a href="/docs">How to call the API</a>.</p>
<ul class="contents">${contents}</ul>
${operations.map((operation) => operationSection(operation, shared))}
<section id="refusals"><h2>Any of these routes may refuse with</h2>${codeList(shared)}</section>
<section id="shapes"><h2>Shapes</h2>${[...shapes].map(([name, schema]) => html`<section id="shape-${name}"><h3>${name}</h3>${membersTable(schema)}</section>`)}</section>`,
  };
}

/** Codes that every one of the routes may refuse with are listed once. */
function sharedCodes(operations: readonly Operation[]): ErrorCode[] {
  const [first, ...others] = operations;
  return (first?.codes ?? []).filter((code) => others.every(({ codes }) => codes.includes(code)));
}

/** The named schemas that answers and bodies of the routes refer to. */
function shapesOf(operations: readonly Operation[]): ReadonlyMap<string, object> {
  const named = operations.flatMap(({ route }) =>
    [route.body, ...Object.values(route.responses)].flatMap((schema) => (schema ? shapesIn(schema) : [])),
  );
  return new Map(named);
}

function shapesIn(schema: object): [string, object][] {
  const {
    title,
    items,
    properties = {},
    anyOf = [],
  } = schema as { title?: string; items?: object; properties?: Record<string, object>; anyOf?: object[] };
  const inside = [...(items ? [items] : []), ...Object.values(properties), ...anyOf].flatMap(shapesIn);
  return title === undefined ? inside : [[title, schema], ...inside];
}

function operationSection({ operation_id, route, codes }: Operation, shared: readonly ErrorCode[]): Html {
  const {
    method,
    path,
    access,
    limit,
    idempotent,
    waits,
    etag,
    errors,
    timeout_ms,
    deprecated,
    query,
    params,
    body,
    body_type,
    responses,
  } = route;
  const scopes = scopesOf(route);
  const own = codes.filter((code) => !shared.includes(code));
  const traits = [
    accessWords[access as keyof typeof accessWords],
    ...(scopes.length === 0 ? [] : [`open to API keys with ${scopes.join(' or ')}`]),
    limit === 'none' ? 'not counted' : `counted as ${limit}`,
    ...(idempotent ? ['honours Idempotency-Key'] : []),
    ...(waits ? ['honours Prefer: wait=N'] : []),
    ...(etag && method === 'GET' ? ['honours If-None-Match'] : []),
    ...(errors?.includes('precondition_failed') ? ['honours If-Match'] : []),
    ...(timeout_ms === undefined ? [] : [`answers within ${timeout_ms / 1_000} s, not ${timeoutDefaultMs / 1_000}`]),
  ];
  return html`<section class="route" id="${operation_id}" data-route="${method} ${path}">
<h2><a href="#${operation_id}"><span class="method">${method}</span> <code>${path}</code></a></h2>
<p>${codedWords(route.summary)}. <span class="soft">${operation_id}</span></p>
${deprecated && html`<p class="warning">Deprecated since ${deprecated.since}${deprecated.sunset && `; it may be gone from ${deprecated.sunset}`}. ${codedWords(deprecated.instead)}</p>`}
<ul class="traits">${traits.map((trait) => html`<li>${trait}</li>`)}</ul>
${params && html`<h3>In the path</h3>${membersTable(params)}`}
${query && html`<h3>In the query</h3>${membersTable(query)}`}
${body_type && html`<h3>Body</h3><p><code>${body_type}</code></p>`}
${body && html`<h3>Body</h3>${shapeOf(body)}`}
<h3>Answers</h3>
<dl>${Object.entries(responses).map(([status, schema]) => html`<dt>${status}</dt><dd>${answerOf(schema, route.response_types)}</dd>`)}</dl>
${own.length > 0 && html`<h3>Refusals of its own</h3>${codeList(own)}`}
<pre role="group" tabindex="0" aria-label="The request as a command"><code>${curlOf({ operation_id, route, codes })}</code></pre>
</section>
`;
}

function answerOf(schema: object | null, types: readonly string[] | undefined): Html {
  if (schema === null) return html`empty`;
  if (types === undefined) return shapeOf(schema);
  const isNamed = 'title' in schema;
  return html`${types.map((type, index) => html`${index > 0 && ' or '}${isNamed && type === 'application/json' ? shapeOf(schema) : html`<code>${type}</code>`}`)}`;
}

/** A reference to a named shape, or the members where it has no name. */
function shapeOf(schema: object): Html {
  const { title, items } = schema as { title?: string; items?: { title?: string } };
  if (title !== undefined) return html`<a href="#shape-${title}">${title}</a>`;
  if (items?.title !== undefined) return html`list of <a href="#shape-${items.title}">${items.title}</a>`;
  const inner = items ?? schema;
  return html`${items && html`list of`}${memberRows(inner).length === 0 ? codedWords(schemaWords(inner)) : membersTable(inner)}`;
}

function membersTable(schema: object): Html {
  const rows = memberRows(schema).filter(({ name }) => !name.includes('.') || !isInNamed(schema, name));
  if (rows.length === 0) return html`<p>No members.</p>`;
  return html`<div class="wide" role="group" aria-label="Members" tabindex="0"><table><thead><tr><th scope="col">Member</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${rows.map(
    ({ name, required, words: type, meaning }) =>
      html`<tr><th scope="row"><code>${name}</code>${required ? '' : html` <span class="soft">optional</span>`}</th><td>${codedWords(type)}</td><td>${codedWords(meaning)}</td></tr>`,
  )}</tbody></table></div>`;
}

/** Members of a named shape inside are in the table of that shape. */
function isInNamed(schema: object, name: string): boolean {
  const [first = ''] = name.split('.');
  const part = (schema as { properties?: Record<string, { title?: string; items?: { title?: string } }> }).properties?.[
    first.replace('[]', '')
  ];
  return (part?.title ?? part?.items?.title) !== undefined;
}

function codeList(codes: readonly ErrorCode[]): Html {
  return html`<ul class="codes">${codes.map((code) => html`<li>${errorTable[code].status} <a href="/problems/${code}"><code>${code}</code></a></li>`)}</ul>`;
}
