/** What people and programs read about the API: documents, pages of the reference, problems. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';

const htmlType = 'text/html';
const jsonType = 'application/json';

/** Where a client finds what. */
export const ApiLinks = Type.Object(
  {
    openapi: Type.String({ description: 'All routes, as an OpenAPI 3.1 document.' }),
    asyncapi: Type.String({ description: 'All events, as an AsyncAPI 3.0 document.' }),
    documentation: Type.String({ description: 'The reference for people.' }),
    problems: Type.String({ description: 'Every code of a refusal.' }),
    health: Type.String({ description: 'Whether the services are well.' }),
  },
  { title: 'ApiLinks' },
);
export type ApiLinks = Static<typeof ApiLinks>;

/** A code of a refusal with what it means. */
export const ProblemCode = Type.Object(
  {
    code: Type.String({ pattern: '^[a-z_]{1,60}$' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    title: Type.String(),
    retry: Type.Boolean({ description: 'Whether the same request may succeed later.' }),
    advice: Type.String({ description: 'What the caller can do.' }),
  },
  { title: 'ProblemCode' },
);
export type ProblemCode = Static<typeof ProblemCode>;

const read = { method: 'GET', service: 'web', access: 'public', limit: 'read', etag: true } as const;
const page = { ...read, response_types: [htmlType], responses: { 200: Type.Unknown() } } as const;

export const getHome = defineRoute({
  ...read,
  path: '/',
  page: true,
  summary: 'The start page of the shop for browsers, links into its API for programs',
  response_types: [jsonType, htmlType],
  responses: { 200: ApiLinks },
  errors: ['not_acceptable'],
});
export const getApiLinks = defineRoute({
  ...read,
  path: '/api',
  summary: 'Where to find what of the API: links for programs, a page for browsers',
  response_types: [jsonType, htmlType],
  responses: { 200: ApiLinks },
  errors: ['not_acceptable'],
});
export const getOpenApi = defineRoute({
  ...read,
  path: '/openapi.json',
  summary: 'All routes for clients, as an OpenAPI 3.1 document',
  responses: { 200: Type.Object({ openapi: Type.Literal('3.1.0') }) },
});
export const getAsyncApi = defineRoute({
  ...read,
  path: '/asyncapi.json',
  summary: 'All events between the services, as an AsyncAPI 3.0 document',
  responses: { 200: Type.Object({ asyncapi: Type.Literal('3.0.0') }) },
});
export const getGuides = defineRoute({ ...page, path: '/docs', summary: 'Guides: how to call the API' });
export const getServiceReference = defineRoute({
  ...page,
  path: '/docs/{service}',
  summary: 'The routes of one service, for people',
  params: Type.Object({ service: Type.String({ pattern: '^[a-z]{1,40}$', description: 'Name of the service.' }) }),
});
export const getEventReference = defineRoute({ ...page, path: '/docs/events', summary: 'The events between the services, for people' });
export const getReferenceAsset = defineRoute({
  ...read,
  limit: 'asset',
  path: '/docs/assets/{name}',
  summary: 'Style and script of the reference',
  params: Type.Object({ name: Type.Union([Type.Literal('reference.css'), Type.Literal('reference.js')]) }),
  response_types: ['text/css', 'text/javascript'],
  responses: { 200: Type.Unknown() },
});
export const listProblems = defineRoute({
  ...read,
  path: '/problems',
  summary: 'Every code of a refusal',
  response_types: [jsonType, htmlType],
  responses: { 200: Type.Array(ProblemCode) },
  errors: ['not_acceptable'],
});
export const getProblem = defineRoute({
  ...read,
  path: '/problems/{code}',
  summary: 'What a code of a refusal means and what to do',
  params: Type.Object({
    code: Type.String({ pattern: '^[a-z_]{1,60}$', description: 'The code; `type` of a problem document leads here.' }),
  }),
  response_types: [jsonType, htmlType],
  responses: { 200: ProblemCode },
  errors: ['not_acceptable'],
});

export const webRoutes = [
  getHome,
  getApiLinks,
  getOpenApi,
  getAsyncApi,
  getGuides,
  getServiceReference,
  getEventReference,
  getReferenceAsset,
  listProblems,
  getProblem,
] as const;
