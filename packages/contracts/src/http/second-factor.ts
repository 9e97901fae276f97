/** The second factor at sign-in: time-based one-time passwords (RFC 6238) and recovery codes. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { UserId } from '../fields.ts';

export const CurrentPassword = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'The password the account has now.',
});

export const SecondFactorCode = Type.String({
  minLength: 6,
  maxLength: 40,
  description: 'Six digits of the authenticator app (RFC 6238), or a recovery code.',
});
export const SecondFactor = Type.Object(
  {
    status: Type.Union([Type.Literal('disabled'), Type.Literal('pending'), Type.Literal('enabled')], {
      description: 'pending: enrolled, but no code of it was confirmed yet.',
    }),
    required: Type.Boolean({ description: 'Whether the role of this account needs one here.' }),
    recovery_codes_left: Type.Integer({ minimum: 0 }),
  },
  { title: 'SecondFactor' },
);
export type SecondFactor = Static<typeof SecondFactor>;

const byPassword = Type.Object({ current_password: CurrentPassword }, { additionalProperties: false });

export const getSecondFactor = defineRoute({
  method: 'GET',
  path: '/api/auth/second-factor',
  service: 'users',
  summary: 'Whether the own account has a second factor',
  access: 'authenticated',
  limit: 'read',
  responses: { 200: SecondFactor },
});
/** The secret is shown here and never again; nothing is asked for at sign-in before a code was confirmed. */
export const enrolSecondFactor = defineRoute({
  method: 'POST',
  path: '/api/auth/second-factor',
  service: 'users',
  summary: 'Begin to set up an authenticator app',
  access: 'authenticated',
  limit: 'auth',
  body: byPassword,
  responses: { 201: Type.Object({ secret: Type.String({ description: 'Base32 (RFC 4648).' }), otpauth_uri: Type.String() }) },
  errors: ['password_wrong', 'second_factor_enabled', 'login_throttled', 'overloaded'],
});
export const confirmSecondFactor = defineRoute({
  method: 'POST',
  path: '/api/auth/second-factor/confirm',
  service: 'users',
  summary: 'Confirm the authenticator app by its first code; answers the recovery codes, once',
  access: 'authenticated',
  limit: 'auth',
  body: Type.Object({ code: SecondFactorCode }, { additionalProperties: false }),
  responses: { 200: Type.Object({ recovery_codes: Type.Array(Type.String()) }) },
  errors: ['second_factor_absent', 'second_factor_invalid', 'login_throttled'],
});
export const disableSecondFactor = defineRoute({
  method: 'DELETE',
  path: '/api/auth/second-factor',
  service: 'users',
  summary: 'Remove the own second factor',
  access: 'authenticated',
  limit: 'auth',
  body: byPassword,
  responses: { 204: null },
  errors: ['password_wrong', 'login_throttled', 'overloaded'],
});
export const resetSecondFactor = defineRoute({
  method: 'DELETE',
  path: '/api/users/{user_id}/second-factor',
  service: 'users',
  summary: 'Remove the second factor of another user, who has lost the app and the recovery codes',
  access: 'admin',
  limit: 'write',
  params: Type.Object({ user_id: UserId }),
  responses: { 204: null },
});
export const secondFactorRoutes = [
  getSecondFactor,
  enrolSecondFactor,
  confirmSecondFactor,
  disableSecondFactor,
  resetSecondFactor,
] as const;
