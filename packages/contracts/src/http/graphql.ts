/** The graph: what a client wants of several services in one request. What can be asked is said by the schema that `web` publishes. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import type { ErrorCode } from '../errors.ts';
import { Nullable } from '../fields.ts';
import { eventStreamType } from './live.ts';

/** Most bytes of a request with a document and its variables. */
export const graphqlBytesMax = 32_768;

/** So many points of cost count as one request. */
export const pointsOfRequest = 10;
/** From the service to the gateway, which takes it off: as how many requests the answer counts. */
export const requestsHeader = 'x-souk-requests';

const DocumentId = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of a registered document, in hexadecimal digits.' });
const OperationName = Type.String({ text_form: 'verbatim', maxLength: 200, description: 'Which operation of the document.' });

export const GraphqlRequest = Type.Object(
  {
    query: Type.Optional(Type.String({ text_form: 'verbatim', minLength: 1, maxLength: graphqlBytesMax, description: 'The document.' })),
    id: Type.Optional(DocumentId),
    operationName: Type.Optional(Nullable(OperationName)),
    variables: Type.Optional(Nullable(Type.Record(Type.String(), Type.Unknown()))),
    extensions: Type.Optional(Nullable(Type.Record(Type.String(), Type.Unknown(), { description: 'Taken and not looked at.' }))),
  },
  { additionalProperties: false, title: 'GraphqlRequest', description: 'A document or the id of a registered one.' },
);
export type GraphqlRequest = Static<typeof GraphqlRequest>;

export const GraphqlError = Type.Object(
  {
    message: Type.String(),
    locations: Type.Optional(Type.Array(Type.Object({ line: Type.Integer(), column: Type.Integer() }))),
    path: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Integer()]), { description: 'The part of data that could not be had; it is null.' }),
    ),
    extensions: Type.Object({
      code: Type.String({ pattern: '^[a-z_]{1,60}$', description: 'As of a problem document.' }),
      retry_after_s: Type.Optional(Type.Integer({ minimum: 1 })),
      errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
    }),
  },
  { title: 'GraphqlError' },
);
export type GraphqlError = Static<typeof GraphqlError>;

export const GraphqlAnswer = Type.Object(
  {
    data: Type.Optional(Type.Unknown({ description: 'What was asked for; absent when the document was refused.' })),
    errors: Type.Optional(Type.Array(GraphqlError)),
    extensions: Type.Optional(
      Type.Object({
        cost: Type.Object({
          requested: Type.Integer({ minimum: 0, description: 'Points.' }),
          max: Type.Integer({ minimum: 1 }),
          requests: Type.Integer({ minimum: 1, description: 'As how many requests it counts; RateLimit says how many are left.' }),
        }),
      }),
    ),
  },
  { title: 'GraphqlAnswer' },
);
export type GraphqlAnswer = Static<typeof GraphqlAnswer>;

/** Codes that stand in the errors of an answer, whose status is 200 all the same. */
export const graphqlCodes: readonly ErrorCode[] = [
  'graphql_invalid',
  'graphql_too_costly',
  'document_unknown',
  'document_untrusted',
  'not_acceptable',
  'token_missing',
  'not_found',
  'forbidden',
  'scope_missing',
  'validation_failed',
  'service_unavailable',
  'upstream_timeout',
];

const shared = {
  path: '/graphql',
  service: 'web',
  access: 'public',
  scope: ['products:read', 'orders:read', 'inventory:read', 'payments:read', 'notifications:read', 'users:read'],
  limit: 'read',
  weighs: true,
  streams: true,
  response_types: ['application/json', eventStreamType],
  responses: { 200: GraphqlAnswer },
  errors: ['too_many_streams'],
} as const;

export const runGraphql = defineRoute({
  ...shared,
  method: 'POST',
  summary: 'Ask the graph, or subscribe to it; what is wrong with the document is said in the errors of the answer',
  body: GraphqlRequest,
  body_bytes_max: graphqlBytesMax,
});
export const runRegisteredGraphql = defineRoute({
  ...shared,
  method: 'GET',
  summary: 'Ask the graph by a registered document',
  query: Type.Object(
    {
      id: DocumentId,
      operationName: Type.Optional(OperationName),
      variables: Type.Optional(Type.String({ text_form: 'verbatim', minLength: 2, maxLength: 4_000, description: 'A JSON object.' })),
    },
    { additionalProperties: false },
  ),
});
export const getGraphqlSchema = defineRoute({
  method: 'GET',
  path: '/docs/schema.graphql',
  service: 'web',
  summary: 'The schema of the graph, in its definition language',
  access: 'public',
  limit: 'read',
  etag: true,
  response_types: ['text/plain'],
  responses: { 200: Type.Unknown() },
});

export const graphqlRoutes = [runGraphql, runRegisteredGraphql, getGraphqlSchema] as const;
