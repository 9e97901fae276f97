/** Keys for programs, beside the tokens of people. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { ApiKeyId, ApiKeyName, ApiKeyScope, GivenTimestamp, Nullable, Timestamp, UserId } from '../fields.ts';
import { paging } from './paging.ts';

const shown = {
  id: ApiKeyId,
  name: ApiKeyName,
  scopes: Type.Array(ApiKeyScope),
  created_by: UserId,
  created_at: Timestamp,
  expires_at: Nullable(Timestamp),
  last_used_at: Nullable(Timestamp),
};

export const ApiKey = Type.Object(shown, { title: 'ApiKey' });
export type ApiKey = Static<typeof ApiKey>;

export const CreatedApiKey = Type.Object(
  { ...shown, key: Type.String({ description: 'Shown here and never again. It is sent as Authorization: Bearer.' }) },
  { title: 'CreatedApiKey' },
);
export type CreatedApiKey = Static<typeof CreatedApiKey>;

const CreateApiKey = Type.Object(
  {
    name: ApiKeyName,
    scopes: Type.Array(ApiKeyScope, {
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      description: 'What the key may do, and nothing else.',
    }),
    expires_at: Type.Optional({ ...GivenTimestamp, description: 'RFC 3339 in UTC; without it the key is good until it is deleted.' }),
  },
  { additionalProperties: false, title: 'CreateApiKey' },
);

export const createApiKey = defineRoute({
  method: 'POST',
  path: '/api/api-keys',
  service: 'users',
  summary: 'Create an API key; answers it, once',
  access: 'admin',
  limit: 'write',
  body: CreateApiKey,
  location: true,
  responses: { 201: CreatedApiKey },
  errors: ['too_many_api_keys'],
});
export const listApiKeys = defineRoute({
  method: 'GET',
  path: '/api/api-keys',
  service: 'users',
  summary: 'All API keys, without their secrets',
  access: 'admin',
  limit: 'read',
  query: Type.Object({ ...paging }, { additionalProperties: false }),
  responses: { 200: Type.Array(ApiKey) },
  errors: ['cursor_invalid'],
});
export const deleteApiKey = defineRoute({
  method: 'DELETE',
  path: '/api/api-keys/{key_id}',
  service: 'users',
  summary: 'End an API key',
  access: 'admin',
  limit: 'write',
  params: Type.Object({ key_id: ApiKeyId }),
  responses: { 204: null },
});

/** Why a key was not exchanged; null when it was. */
const KeyFault = Type.Union([Type.Literal('unknown'), Type.Literal('expired'), Type.Literal('deleted'), Type.Literal('creator')]);
export type KeyFault = Static<typeof KeyFault>;

export const ExchangedKey = Type.Object({
  access_token: Nullable(Type.String()),
  expires_in: Type.Integer({ description: 'Seconds until the access token ends.' }),
  refused: Nullable(KeyFault),
});
export type ExchangedKey = Static<typeof ExchangedKey>;

/** The gateway gets the access token that stands for a key behind it. */
export const exchangeApiKey = defineRoute({
  method: 'POST',
  path: '/internal/api-keys/exchange',
  service: 'users',
  summary: 'An access token for an API key',
  access: 'internal',
  limit: 'none',
  body: Type.Object({ key: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false }),
  responses: { 200: ExchangedKey },
});

export const apiKeyRoutes = [createApiKey, listApiKeys, deleteApiKey, exchangeApiKey] as const;
