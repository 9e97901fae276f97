import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { Email, FullName, Phone, UserId, Username } from '../fields.ts';

export const userRegistered = defineEvent({
  event_type: 'user.registered',
  version: '1.0',
  owner: 'users',
  meaning: 'An account was opened.',
  ordering: 'user_id',
  payload: {
    user_id: UserId,
    username: Username,
    email: Email,
    email_verified: Type.Optional(Type.Boolean({ description: 'The person has shown to read this mailbox.' })),
    full_name: FullName,
    phone: Type.Optional(Phone),
    registration_source: Type.String({
      maxLength: 40,
      description: 'Where the account was opened: api, staff, guest, sample or restore; guests are sent no welcome.',
    }),
  },
});
