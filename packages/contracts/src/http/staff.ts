/** Who may do more than buy, and what they did to accounts and API keys. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { Email, EventId, FullName, Nullable, Role, Timestamp, UserId, Username, Version } from '../fields.ts';
import { paging } from './paging.ts';
import { SecondFactor } from './second-factor.ts';

export const StaffAccount = Type.Object(
  {
    id: UserId,
    username: Username,
    email: Email,
    full_name: FullName,
    role: Role,
    version: Version,
    created_at: Timestamp,
    second_factor: SecondFactor.properties.status,
    sessions: Type.Integer({ minimum: 0, description: 'How many sessions go on.' }),
    renewed_at: Nullable({ ...Timestamp, description: 'When one of them was renewed last.' }),
  },
  { title: 'StaffAccount' },
);
export type StaffAccount = Static<typeof StaffAccount>;

export const StaffActionName = Type.Union(
  [
    Type.Literal('role_given'),
    Type.Literal('sessions_ended'),
    Type.Literal('second_factor_reset'),
    Type.Literal('account_changed'),
    Type.Literal('account_erased'),
    Type.Literal('api_key_created'),
    Type.Literal('api_key_deleted'),
  ],
  { description: 'What was done.' },
);

/** Written in the transaction of what it is about. */
export const StaffAction = Type.Object(
  {
    id: EventId,
    at: Timestamp,
    by: { ...UserId, description: 'Who did it.' },
    action: StaffActionName,
    user_id: { ...UserId, description: 'The account it was done to; of an API key the account that it acts as.' },
    object: Nullable(Type.String({ description: 'The role that was given, the names of the changed members, or the id of the key.' })),
  },
  { title: 'StaffAction' },
);
export type StaffAction = Static<typeof StaffAction>;

const admin = { service: 'users', access: 'admin' } as const;

export const listStaff = defineRoute({
  ...admin,
  method: 'GET',
  path: '/api/staff',
  summary: 'Accounts of staff and administrators, with their second factor and their sessions',
  limit: 'read',
  query: Type.Object({ ...paging }, { additionalProperties: false }),
  responses: { 200: Type.Array(StaffAccount) },
  errors: ['cursor_invalid'],
});
export const listStaffActions = defineRoute({
  ...admin,
  method: 'GET',
  path: '/api/staff/actions',
  summary: 'What staff did to accounts of others and to API keys, the newest first; kept for a year',
  limit: 'read',
  query: Type.Object(
    { ...paging, by: Type.Optional({ ...UserId, description: 'Only what this account did.' }) },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Array(StaffAction) },
  errors: ['cursor_invalid'],
});
export const endSessionsOf = defineRoute({
  ...admin,
  method: 'DELETE',
  path: '/api/users/{user_id}/sessions',
  summary: 'End all sessions of an account',
  limit: 'write',
  params: Type.Object({ user_id: UserId }),
  responses: { 204: null },
});

export const staffRoutes = [listStaff, listStaffActions, endSessionsOf] as const;
