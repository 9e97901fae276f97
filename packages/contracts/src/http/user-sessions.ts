import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { SessionId, Timestamp } from '../fields.ts';

/** A sign-in that goes on. */
export const OpenSession = Type.Object(
  {
    id: SessionId,
    current: Type.Boolean({ description: 'Whether it is the one that asks.' }),
    created_at: Timestamp,
    renewed_at: Timestamp,
    expires_at: Timestamp,
  },
  { title: 'OpenSession' },
);
export type OpenSession = Static<typeof OpenSession>;

export const listSessions = defineRoute({
  method: 'GET',
  path: '/api/auth/sessions',
  service: 'users',
  summary: 'Own sessions that go on, the one renewed last first',
  access: 'authenticated',
  limit: 'read',
  responses: { 200: Type.Array(OpenSession) },
});
export const endOtherSessions = defineRoute({
  method: 'DELETE',
  path: '/api/auth/sessions',
  service: 'users',
  summary: 'End all own sessions but this one',
  access: 'authenticated',
  limit: 'auth',
  responses: { 204: null },
});

export const userSessionRoutes = [listSessions, endOtherSessions] as const;
