import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Email, FullName, Nullable, Phone, UserId, Version } from '../fields.ts';

export const userUpdated = defineEvent({
  event_type: 'user.updated',
  version: '1.0',
  owner: 'users',
  meaning: 'An account changed.',
  ordering: 'user_id + user_version',
  payload: {
    user_id: UserId,
    user_version: Version,
    email: Type.Optional(Email),
    email_verified: Type.Optional(Type.Boolean({ description: 'The person has shown to read the mailbox the account has now.' })),
    full_name: Type.Optional(FullName),
    phone: Type.Optional(Nullable(Phone)),
  },
});
