/** What other services and the operator's commands ask of users. */
import Type from 'typebox';
import { defineRoute } from '../define-route.ts';
import { EventId, Nullable, Timestamp, UserId } from '../fields.ts';

/** Notifications fetches the secret of a requested message here, at the moment it sends it. */
export const getMessageSecret = defineRoute({
  method: 'GET',
  path: '/internal/messages/{token_id}',
  service: 'users',
  summary: 'The secret of a requested message',
  access: 'internal',
  limit: 'none',
  params: Type.Object({ token_id: EventId }),
  responses: { 200: Type.Object({ user_id: UserId, purpose: Type.String(), secret: Nullable(Type.String()), expires_at: Timestamp }) },
});

/** `souk keys rotate`. While a key waits for its first use, repeating answers that one. */
export const rotateSigningKeys = defineRoute({
  method: 'POST',
  path: '/internal/signing-keys/rotate',
  service: 'users',
  summary: 'Publish a new signing key, which takes over in 15 minutes',
  access: 'internal',
  limit: 'none',
  responses: { 200: Type.Object({ kid: Type.String(), active_from: Timestamp }) },
});
