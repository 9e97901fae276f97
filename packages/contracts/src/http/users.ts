import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import * as fields from '../fields.ts';
import { idList } from './id-list.ts';
import { paging } from './paging.ts';
import { getReceiptKeys, signReceipt } from './receipts.ts';
import { CurrentPassword, SecondFactorCode } from './second-factor.ts';
import { getMessageSecret, rotateSigningKeys } from './users-internal.ts';

const { AccountKind, Email, FullName, GivenEmail, Nullable, Password, Phone, Role, Timestamp, UserId, Username, Version } = fields;

export const User = Type.Object(
  {
    id: UserId,
    username: Username,
    email: Email,
    full_name: FullName,
    phone: Nullable(Phone),
    role: Role,
    kind: AccountKind,
    email_verified: Type.Boolean(),
    version: Version,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'User' },
);
export type User = Static<typeof User>;

export const RegisterUser = Type.Object(
  { username: Username, email: GivenEmail, full_name: FullName, phone: Type.Optional(Phone), password: Password },
  { additionalProperties: false, title: 'RegisterUser' },
);
export const ChangeUser = Type.Partial(
  Type.Object({
    username: Username,
    email: GivenEmail,
    full_name: FullName,
    phone: Nullable(Phone),
    password: Password,
    current_password: {
      ...CurrentPassword,
      description: 'The password the account has now: needed by its owner for another password or e-mail.',
    },
  }),
  {
    additionalProperties: false,
    minProperties: 1,
    title: 'ChangeUser',
  },
);
export const EraseUser = Type.Object(
  { current_password: Type.Optional(CurrentPassword) },
  { additionalProperties: false, title: 'EraseUser', description: 'The owner of the account proves it by the password.' },
);

export const TokenPair = Type.Object(
  {
    access_token: Type.String(),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds until the access token ends.' }),
    refresh_token: Type.String(),
    second_factor: Type.Optional(
      Type.Literal('enrolment_required', {
        description: 'The role of the account needs a second factor; until one is set up these tokens carry the role customer.',
      }),
    ),
  },
  { title: 'TokenPair' },
);
export type TokenPair = Static<typeof TokenPair>;

export const Secret = Type.String({ minLength: 20, maxLength: 300, pattern: '^[A-Za-z0-9_.-]+$' });
const byUser = Type.Object({ user_id: UserId });
const body = <P extends Parameters<typeof Type.Object>[0]>(properties: P) => Type.Object(properties, { additionalProperties: false });

/** What a person signs in with. */
export const Credentials = body({
  login: Type.String({ minLength: 1, maxLength: 254 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
  code: Type.Optional(SecondFactorCode),
});

export const registerUser = defineRoute({
  method: 'POST',
  path: '/api/users',
  service: 'users',
  summary: 'Open an account',
  access: 'public',
  limit: 'auth',
  body: RegisterUser,
  etag: true,
  location: true,
  responses: { 201: User },
  errors: ['username_taken', 'email_taken', 'password_weak', 'overloaded'],
});
export const listUsers = defineRoute({
  method: 'GET',
  path: '/api/users',
  service: 'users',
  summary: 'All accounts',
  access: 'staff',
  scope: 'users:read',
  limit: 'read',
  query: Type.Object(
    {
      ...paging,
      ids: Type.Optional(idList('accounts')),
      q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
      email: Type.Optional({ ...GivenEmail, description: 'Of accounts and guests with this address.' } as typeof GivenEmail),
    },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Array(User) },
  errors: ['cursor_invalid'],
});
export const getMe = defineRoute({
  method: 'GET',
  path: '/api/users/me',
  service: 'users',
  summary: 'The own account',
  access: 'authenticated',
  limit: 'read',
  etag: true,
  responses: { 200: User },
});
export const getUser = defineRoute({
  method: 'GET',
  path: '/api/users/{user_id}',
  service: 'users',
  summary: 'One account',
  access: 'authenticated',
  scope: 'users:read',
  limit: 'read',
  params: byUser,
  etag: true,
  responses: { 200: User },
});
const change = {
  path: '/api/users/{user_id}',
  service: 'users',
  access: 'authenticated',
  limit: 'write',
  params: byUser,
  body: ChangeUser,
  etag: true,
  responses: { 200: User },
  errors: [
    'username_taken',
    'email_taken',
    'precondition_failed',
    'password_wrong',
    'password_weak',
    'login_throttled',
    'overloaded',
    'forbidden',
    'account_is_guest',
  ],
} as const;
export const putUser = defineRoute({ ...change, method: 'PUT', summary: 'Change an account: the same as PATCH' });
export const changeUser = defineRoute({ ...change, method: 'PATCH', summary: 'Change an account' });
export const deleteUser = defineRoute({
  method: 'DELETE',
  path: '/api/users/{user_id}',
  service: 'users',
  summary: 'Erase an account',
  access: 'authenticated',
  limit: 'write',
  params: byUser,
  body: EraseUser,
  responses: { 204: null },
  errors: ['forbidden', 'last_admin', 'precondition_failed', 'password_wrong', 'login_throttled', 'overloaded'],
});
export const setRole = defineRoute({
  method: 'PUT',
  path: '/api/users/{user_id}/role',
  service: 'users',
  summary: 'Give a role',
  access: 'admin',
  limit: 'write',
  params: byUser,
  body: body({ role: Role }),
  etag: true,
  responses: { 200: User },
  errors: ['last_admin', 'precondition_failed', 'account_is_guest'],
});
export const login = defineRoute({
  method: 'POST',
  path: '/api/auth/login',
  service: 'users',
  summary: 'Sign in',
  access: 'public',
  limit: 'auth',
  body: Credentials,
  responses: { 200: TokenPair },
  errors: ['login_failed', 'login_throttled', 'second_factor_required', 'second_factor_invalid', 'overloaded'],
});
export const refreshLogin = defineRoute({
  method: 'POST',
  path: '/api/auth/refresh',
  service: 'users',
  summary: 'A new pair of tokens',
  access: 'public',
  limit: 'auth',
  body: body({ refresh_token: Secret }),
  responses: { 200: TokenPair },
  errors: ['refresh_token_invalid'],
});
export const logout = defineRoute({
  method: 'POST',
  path: '/api/auth/logout',
  service: 'users',
  summary: 'End this session',
  access: 'public',
  limit: 'auth',
  body: body({ refresh_token: Secret }),
  responses: { 204: null },
});
export const logoutEverywhere = defineRoute({
  method: 'POST',
  path: '/api/auth/logout-everywhere',
  service: 'users',
  summary: 'End all sessions',
  access: 'authenticated',
  limit: 'auth',
  responses: { 204: null },
});
export const requestPasswordReset = defineRoute({
  method: 'POST',
  path: '/api/auth/password-reset',
  service: 'users',
  summary: 'Ask for a link to set a new password',
  access: 'public',
  limit: 'auth',
  body: body({ email: GivenEmail }),
  responses: { 202: Type.Object({ status: Type.Literal('accepted') }) },
});
export const confirmPasswordReset = defineRoute({
  method: 'POST',
  path: '/api/auth/password-reset/confirm',
  service: 'users',
  summary: 'Set a new password',
  access: 'public',
  limit: 'auth',
  body: body({ token: Secret, password: Password }),
  responses: { 204: null },
  errors: ['secret_invalid', 'password_weak', 'overloaded'],
});
export const verifyEmail = defineRoute({
  method: 'POST',
  path: '/api/auth/verify-email',
  service: 'users',
  summary: 'Confirm an e-mail address',
  access: 'public',
  limit: 'auth',
  body: body({ token: Secret }),
  responses: { 204: null },
  errors: ['secret_invalid'],
});
export const getKeySet = defineRoute({
  method: 'GET',
  path: '/.well-known/jwks.json',
  service: 'users',
  summary: 'Public keys of the access tokens',
  access: 'public',
  limit: 'read',
  responses: { 200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }) },
});
export const usersRoutes = [
  registerUser,
  listUsers,
  getMe,
  getUser,
  putUser,
  changeUser,
  deleteUser,
  setRole,
  login,
  refreshLogin,
  logout,
  logoutEverywhere,
  requestPasswordReset,
  confirmPasswordReset,
  verifyEmail,
  getKeySet,
  getReceiptKeys,
  signReceipt,
  getMessageSecret,
  rotateSigningKeys,
] as const;
