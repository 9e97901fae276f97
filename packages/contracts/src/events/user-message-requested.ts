import Type from 'typebox';
import { defineEvent } from '../define-event.ts';
import { EventId, UserId } from '../fields.ts';

export const userMessageRequested = defineEvent({
  event_type: 'user.message_requested',
  version: '1.0',
  owner: 'users',
  meaning: 'A person is to get a message whose secret link is fetched when it is sent.',
  ordering: 'token_id',
  payload: {
    user_id: UserId,
    purpose: Type.Union([Type.Literal('verify_email'), Type.Literal('password_reset')]),
    token_id: EventId,
  },
});
